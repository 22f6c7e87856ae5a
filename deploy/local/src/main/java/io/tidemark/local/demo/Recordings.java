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
 * @param streams what is recorded of them, in the venue's words: {@code trade}, {@code depth@100ms}, {@code level2}
 */
record Recordings(SortedSet<String> symbols, SortedSet<String> streams) {

    /** Reads them all; a broken line ends it with the sentence that names file and line. */
    static Recordings inspect(Installation installation, String venue, List<Path> captures) {
        for (Path capture : captures) {
            if (!Files.isReadable(capture)) {
                throw new StackFailure("cannot read the recording " + capture);
            }
        }
        List<String> arguments = new ArrayList<>(List.of("inspect", "--json", "--venue", venue));
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

    /**
     * Stream names are {@code btcusdt@depth@100ms} or {@code level2|BTC-USD}; they stand as keys or as a list below
     * {@code streams}. Those that begin with {@code !} come with any subscription.
     */
    static Recordings parse(String json) {
        try {
            JsonNode root = new ObjectMapper().readTree(json);
            JsonNode streams = root.path("streams");
            List<String> names = new ArrayList<>();
            if (streams.isObject()) {
                streams.fieldNames().forEachRemaining(names::add);
            } else {
                streams.forEach(name -> names.add(name.asText()));
            }
            SortedSet<String> symbols = new TreeSet<>();
            SortedSet<String> kinds = new TreeSet<>();
            for (String name : names) {
                int bar = name.indexOf('|');
                int at = name.indexOf('@');
                if (bar > 0) {
                    kinds.add(name.substring(0, bar));
                    symbols.add(name.substring(bar + 1));
                } else if (at > 0 && !name.startsWith("!")) {
                    symbols.add(name.substring(0, at).toUpperCase(Locale.ROOT));
                    kinds.add(name.substring(at + 1));
                }
            }
            symbols.remove("");
            if (symbols.isEmpty()) {
                throw new StackFailure("the recordings hold no frame of a stream");
            }
            return new Recordings(symbols, kinds);
        } catch (JsonProcessingException e) {
            throw new StackFailure("the exchange's inspect did not answer with JSON: " + e.getOriginalMessage(), e);
        }
    }
}
