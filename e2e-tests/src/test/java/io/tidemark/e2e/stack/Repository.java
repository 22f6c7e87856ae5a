package io.tidemark.e2e.stack;

import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Where this checkout is, and the recorded data beside it. */
public final class Repository {
    private Repository() {}

    public static Path root() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve(".mvn"))) {
                return at;
            }
        }
        return fail("no folder with .mvn above " + Path.of("").toAbsolutePath());
    }

    /** A recording of the data folder; without the folder the test is skipped, or fails where CI is set. */
    public static Path capture(String relative) {
        String set = System.getenv("TIDEMARK_DATA");
        Path data = set == null ? root().resolveSibling("shared").resolve("data") : Path.of(set);
        Path file = data.resolve("captures").resolve(relative);
        if (!Files.exists(file)) {
            if ("true".equals(System.getenv("CI"))) {
                fail("CI is set and the recorded data is missing: captures/" + relative);
            }
            Assumptions.abort("no recorded data here: captures/" + relative);
        }
        return file;
    }

    /** The two recordings of Binance spot, in order of time. */
    public static List<Path> binanceSpot() {
        return List.of(capture("binance-spot/btcusdt_20240808.gz"), capture("binance-spot/btcusdt_20240809.gz"));
    }
}
