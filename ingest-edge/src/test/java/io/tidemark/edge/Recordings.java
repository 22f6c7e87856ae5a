package io.tidemark.edge;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
