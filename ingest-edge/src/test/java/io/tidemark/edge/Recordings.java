package io.tidemark.edge;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The folder of recorded market data beside the repository. Absent, a test is skipped; in CI it fails. */
public final class Recordings {
    private Recordings() {}

    public static Path folder() {
        String named = System.getProperty("tidemark.data", System.getenv("TIDEMARK_DATA"));
        Path folder = named != null ? Path.of(named) : besideRepository();
        boolean there = folder != null && Files.isDirectory(folder);
        if (!there && "true".equals(System.getenv("CI"))) {
            Assertions.fail("the recorded market data are not there: " + folder);
        }
        Assumptions.assumeTrue(there, "no recorded market data");
        return Objects.requireNonNull(folder);
    }

    private static @Nullable Path besideRepository() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve(".mvn"))) {
                Path parent = at.getParent();
                return parent == null ? null : parent.resolve("shared").resolve("data");
            }
        }
        return null;
    }

    /** A message that was received, and when. */
    public record Received(long time, String text) {}

    /** What a recording in JSON lines received, of all its connections in the order of time. */
    public static List<Received> jsonLines(String relative) {
        List<Received> all = new ArrayList<>();
        JsonFactory json = new JsonFactory();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new ZstdInputStream(Files.newInputStream(folder().resolve(relative))), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Map<String, String> fields = new HashMap<>();
                try (JsonParser parser = json.createParser(line)) {
                    parser.nextToken();
                    while (parser.nextToken() == JsonToken.FIELD_NAME) {
                        String name = parser.currentName();
                        parser.nextToken();
                        fields.put(name, parser.getText());
                        parser.skipChildren();
                    }
                }
                if ("recv".equals(fields.get("t"))) {
                    all.add(new Received(nanos(fields.get("ts")), Objects.requireNonNull(fields.get("data"))));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        all.sort(Comparator.comparingLong(Received::time));
        return all;
    }

    /** What an old text log received. */
    public static List<Received> textLog(String relative) {
        List<Received> all = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(folder().resolve(relative))), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int colon = line.indexOf(": ");
                String time = colon < 0 ? "" : line.substring(0, colon);
                if (time.matches("[0-9.]+")) {
                    all.add(new Received(nanos(time), line.substring(colon + 2)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static long nanos(@Nullable String seconds) {
        return new BigDecimal(Objects.requireNonNull(seconds)).movePointRight(9).longValue();
    }

    /** Each line's number in front, in nanoseconds, and its text. */
    public static void numberedLines(String relative, BiConsumer<Long, String> line) {
        Path file = folder().resolve(relative);
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                int space = text.indexOf(' ');
                line.accept(Long.parseLong(text.substring(0, space)), text.substring(space + 1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
