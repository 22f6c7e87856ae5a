package io.tidemark.lake.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.lake.run.CandleFixtures.Candle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports of candles onto a file system that is too small, in a user namespace that may mount one. */
class FullDiskIT {
    @TempDir
    Path root;

    @TempDir
    Path files;

    /** Exports, and says what became of it and what lies in the folder then. */
    static final class Exporter {
        private Exporter() {}

        public static void main(String[] args) throws IOException {
            Lakes.limits();
            Path lake = Path.of(args[0]);
            try {
                if (args[1].endsWith("corpus.json")) {
                    CandleFixtures.corpus(lake, Path.of(args[1]), 2);
                } else {
                    CandleFixtures.slices(lake, Path.of(args[1]), 2);
                }
                System.out.println("done");
            } catch (IOException e) {
                System.out.println("failed: " + e.getMessage());
            }
            System.out.println("left: " + Lakes.contents(Path.of(args[2])).keySet());
        }
    }

    private List<String> export(Path config, Path mounted, String size) throws Exception {
        Files.createDirectories(mounted);
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o size=" + size + " tmpfs \"$1\" && shift && exec \"$@\"",
                "sh",
                mounted.toString()));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("java.class.path"),
                Exporter.class.getName(),
                root.toString(),
                config.toString(),
                mounted.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS));
        return lines;
    }

    private static boolean mayMount() throws Exception {
        try {
            Process process = new ProcessBuilder(
                            "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /mnt")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aFullDiskLeavesNothingHalf() throws Exception {
        Assumptions.assumeTrue(mayMount(), "no user namespace that may mount a file system");
        Lakes.limits();
        List<Candle> candles = CandleFixtures.generated(21, 8, 60);
        CandleFixtures.seal(root, candles);
        CandleFixtures.alerts(files.resolve("alerts.csv"), 22, candles, 150);
        Path corpus = CandleFixtures.config(
                files.resolve("corpus.json"), "kind", "\"corpus\"", "candles", "\"lake\"", "rows_per_part", "15");
        Path slices = CandleFixtures.config(
                files.resolve("slices.json"),
                "kind",
                "\"slices\"",
                "alerts",
                "\"alerts.csv\"",
                "candles",
                "\"lake\"",
                "rows_per_part",
                "15",
                "pre_candles",
                "30",
                "post_candles",
                "12");
        for (Path config : List.of(corpus, slices)) {
            Path mounted = Lakes.tenant(root).resolve(config.equals(corpus) ? "corpus" : "runs");
            for (String size : List.of("16k", "64k", "128k")) {
                List<String> told = export(config, mounted, size);
                assertEquals(2, told.size(), told.toString());
                assertTrue(told.get(0).matches("failed: .*(No space left on device|not enough space).*"), told.get(0));
                assertEquals("left: []", told.get(1), size);
            }
            assertEquals("done", export(config, mounted, "8m").get(0));
        }
    }
}
