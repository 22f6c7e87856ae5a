package io.tidemark.lake;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * Where recorded market data lies: the folder that {@code TIDEMARK_DATA} names, or {@code shared/data} beside the
 * repository. Tests without it are skipped, but not where {@code CI} is set.
 */
public final class Recordings {
    private Recordings() {}

    /** Skips the test that asks, or fails it with {@code CI=true}, where the file is not there. */
    public static Path file(String relative) {
        String set = System.getenv("TIDEMARK_DATA");
        Path folder = set != null ? Path.of(set) : Path.of("../../shared/data");
        Path file = folder.resolve(relative);
        if (!Files.exists(file)) {
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError("no recordings: " + file + " is missing");
            }
            Assumptions.abort("no recordings: " + file + " is missing");
        }
        return file;
    }
}
