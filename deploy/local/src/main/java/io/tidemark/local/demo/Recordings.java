package io.tidemark.local.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.local.stack.Installation;
import io.tidemark.local.stack.Program;
import io.tidemark.local.supervise.StackFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a set of recordings holds, as the exchange's {@code inspect} found by reading every line.
 *
 * @param symbols in the venue's own spelling
 * @param streams the part of the stream names behind the symbol: {@code trade}, {@code depth@100ms}
 */
record Recordings(SortedSet<String> symbols, SortedSet<String> streams) {

    /** Reads them all; a broken line ends it with the sentence that names file and line. */
    static Recordings inspect(Installation installation, List<Path> captures) {
        for (Path capture : captures) {
            if (!Files.isReadable(capture)) {
                throw new StackFailure("cannot read the recording " + capture);
            }
        }
        List<String> arguments = new ArrayList<>(List.of("inspect", "--json"));
        captures.forEach(capture -> arguments.add(capture.toAbsolutePath().toString()));
        try {
            Path errors = Files.createTempFile("tidemark-inspect", ".err");
            try {
                Process process = new ProcessBuilder(installation.command(Program.EXCHANGE, null, arguments))
                        .redirectError(errors.toFile())
                        .start();
                process.getOutputStream().close();
                String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (process.waitFor() != 0) {
                    String why = Files.readString(errors).strip();
                    throw new StackFailure(
                            (why.isEmpty() ? said.strip() : why).replaceFirst("^tidemark-exchange: ", ""));
                }
                return parse(said);
            } finally {
                Files.deleteIfExists(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot inspect the recordings", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("stopped", e);
        }
    }

    /** Stream names are {@code btcusdt@depth@100ms}; they stand as keys or as a list below {@code streams}. */
    static Recordings parse(String json) {
        try {
            JsonNode streams = new ObjectMapper().readTree(json).path("streams");
            List<String> names = new ArrayList<>();
            if (streams.isObject()) {
                streams.fieldNames().forEachRemaining(names::add);
            } else {
                streams.forEach(name -> names.add(name.asText()));
            }
            SortedSet<String> symbols = new TreeSet<>();
            SortedSet<String> suffixes = new TreeSet<>();
            for (String name : names) {
                int at = name.indexOf('@');
                if (at > 0) {
                    symbols.add(name.substring(0, at).toUpperCase(Locale.ROOT));
                    suffixes.add(name.substring(at + 1));
                }
            }
            if (symbols.isEmpty()) {
                throw new StackFailure("the recordings hold no frame of a stream");
            }
            return new Recordings(symbols, suffixes);
        } catch (JsonProcessingException e) {
            throw new StackFailure("the exchange's inspect did not answer with JSON: " + e.getOriginalMessage(), e);
        }
    }
}
