package io.tidemark.exchange;

import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The folder of recorded market data, which lies beside the repository and is not part of it. */
public final class SharedData {
    private SharedData() {}

    /** The file, or a skipped test where the folder is absent; on a build server that is a failure. */
    public static Path file(String name) {
        Path folder = folder();
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            if ("true".equals(System.getenv("CI"))) {
                fail("the recorded data are missing: " + file);
            }
            Assumptions.abort("no recorded data at " + folder);
        }
        return file;
    }

    private static Path folder() {
        String set = System.getProperty("TIDEMARK_DATA", System.getenv("TIDEMARK_DATA"));
        if (set != null) {
            return Path.of(set);
        }
        Path root = Path.of("").toAbsolutePath();
        while (root.getParent() != null && !Files.isDirectory(root.resolve(".mvn"))) {
            root = root.getParent();
        }
        return root.resolve("../shared/data").normalize();
    }
}
