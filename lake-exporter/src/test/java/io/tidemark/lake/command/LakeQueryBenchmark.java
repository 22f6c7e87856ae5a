package io.tidemark.lake.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.lake.LakeFile.StreamRange;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.lake.manifest.Folders;
import io.tidemark.lake.manifest.ManifestSeal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code mvn -Pbench verify -pl lake-exporter}: how long {@code ls}, {@code stats} and a time-range query take over
 * 10,000 files of 1,000 generations, the first time in a JVM and after that. The ceiling is one second; the
 * comparison is the replay of the whole chain.
 */
class LakeQueryBenchmark {
    private static final int FILES = 10_000;
    private static final int PER_GENERATION = 10;
    private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

    @TempDir
    Path root;

    private static LakeFile file(int number) {
        int hour = number / 40;
        String symbol = "S" + number % 40 + "-USDT";
        Instant at = START.plusSeconds(3_600L * hour);
        long nanos = at.getEpochSecond() * 1_000_000_000L;
        List<StreamRange> streams = new ArrayList<>();
        for (String channel : List.of("bars-1m", "bars-1s", "book-deltas", "quotes", "trades")) {
            streams.add(new StreamRange("pi-1", 1, channel, number * 5L, number * 5L + 4, 5));
        }
        return new LakeFile(
                LakePath.eventHour("binance", symbol, at) + "/" + nanos + "_pi-1_1_trades_" + number + ".parquet",
                "binance",
                symbol,
                at,
                "ab".repeat(32),
                10,
                25,
                "cd".repeat(32),
                nanos,
                nanos + 3_599_000_000_000L,
                streams);
    }

    private void lake() throws IOException {
        Path tenant = LakePath.tenantRoot(root, "default");
        Folders.create(tenant.resolve(LakePath.EVENT_MANIFESTS));
        for (int i = 0; i < FILES; i += PER_GENERATION) {
            List<LakeFile> files = new ArrayList<>();
            for (int j = i; j < i + PER_GENERATION; j++) {
                files.add(file(j));
            }
            new ManifestSeal(tenant, "default").commit(files, List.of(), 0, Map.of());
        }
        try (var manifests = Files.list(tenant.resolve(LakePath.EVENT_MANIFESTS))) {
            assertEquals(FILES / PER_GENERATION + 1L, manifests.count());
        }
    }

    private long millis(String... arguments) {
        StringWriter out = new StringWriter();
        long begin = System.nanoTime();
        int code = LakeExporter.run(new PrintWriter(out), new PrintWriter(System.err, true), arguments);
        long taken = (System.nanoTime() - begin) / 1_000_000;
        assertEquals(0, code);
        return taken;
    }

    @Test
    void printsHowLongQuestionsTake() throws Exception {
        long begin = System.nanoTime();
        lake();
        long building = (System.nanoTime() - begin) / 1_000_000;
        String lake = root.toString();
        Path empty = root.resolve("empty");
        Files.createDirectories(empty.resolve("default"));
        // A JVM that has run nothing of this: settings, picocli and JSON are loaded within the time.
        Process cold = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Cold.class.getName(),
                        lake,
                        empty.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String coldFigures = new String(cold.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, cold.waitFor());
        millis("ls", "--lake", lake);
        long ls = millis("ls", "--lake", lake);
        long stats = millis("stats", "--lake", lake, "--json");
        long range = millis(
                "ls",
                "--lake",
                lake,
                "--from",
                "2024-01-03T00:00:00Z",
                "--to",
                "2024-01-03T02:00:00Z",
                "--kind",
                "trades");
        long replay = System.nanoTime();
        new io.tidemark.lake.manifest.SealedLake(LakePath.tenantRoot(root, "default")).replay(generation -> {});
        replay = (System.nanoTime() - replay) / 1_000_000;
        System.out.printf(
                "{\"benchmark\":\"lake-queries\",\"files\":%d,\"generations\":%d,%s,\"ls_ms\":%d,\"stats_ms\":%d,"
                        + "\"range_ms\":%d,\"ceiling_ms\":1000,\"whole_chain_ms\":%d,\"building_ms\":%d}%n",
                FILES, FILES / PER_GENERATION, coldFigures.strip(), ls, stats, range, replay, building);
    }

    /** Prints the time of the first question of a JVM. */
    static final class Cold {
        private Cold() {}

        public static void main(String[] arguments) {
            StringWriter out = new StringWriter();
            // Settings, their framework and picocli belong to the start.
            int code = LakeExporter.run(
                    new PrintWriter(out), new PrintWriter(System.err, true), "stats", "--lake", arguments[1]);
            long begin = System.nanoTime();
            code += LakeExporter.run(
                    new PrintWriter(out), new PrintWriter(System.err, true), "stats", "--lake", arguments[0]);
            System.out.printf("\"cold_stats_ms\":%d%n", (System.nanoTime() - begin) / 1_000_000);
            System.exit(code);
        }
    }
}
