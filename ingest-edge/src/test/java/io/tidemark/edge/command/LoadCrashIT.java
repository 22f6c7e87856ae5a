package io.tidemark.edge.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.proto.Envelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of {@code load}, again and again, until it gets through: every row is there once, in its order.
 *
 * <p>{@code -Dtidemark.seed=N} for the same again; {@code -Dtidemark.faults=full} for more kills.
 */
class LoadCrashIT {
    private static final int ROUNDS = "full".equals(System.getProperty("tidemark.faults")) ? 100 : 5;
    private static final int ROWS = 30_000;

    @TempDir
    Path folder;

    @Test
    void aKilledLoadGoesOnWhereItWas() throws Exception {
        long seed = Long.getLong("tidemark.seed", System.nanoTime());
        System.out.println("LoadCrashIT seed " + seed);
        Random random = new Random(seed);
        List<Path> files = List.of(rows("a.csv", 0), rows("b.csv", ROWS));
        int killed = 0;
        int begun = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Process process = start(files, round % 3 == 2 ? List.of(1, 0) : List.of(0, 1));
            // From where its log is opened on: most of the time before is the JVM's own start.
            int millis = 900 + random.nextInt(2_500);
            if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
                process.toHandle().destroyForcibly();
                killed++;
            }
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
            begun += Files.exists(folder.resolve("data/state/load/history")) ? 1 : 0;
        }
        Process last = start(files, List.of(0, 1));
        assertTrue(last.waitFor(120, TimeUnit.SECONDS));
        assertEquals(0, last.exitValue(), Files.readString(folder.resolve("out.txt")));
        Map<Long, Integer> seen = new HashMap<>();
        try (Stream<Path> segments = Files.walk(folder.resolve("data/raw/ready"))) {
            for (Path file :
                    segments.filter(f -> f.toString().endsWith(".parquet")).toList()) {
                try (EventFileReader reader = EventFileReader.open(file)) {
                    for (Envelope event = reader.next(); event != null; event = reader.next()) {
                        seen.merge(event.getBar().getOpenTime() / 60_000_000_000L, 1, Integer::sum);
                    }
                }
            }
        }
        assertEquals(2 * ROWS, seen.size());
        assertTrue(seen.values().stream().allMatch(count -> count == 1));
        System.out.println(killed + " kills, " + begun + " of them when it had begun, " + seen.size() + " rows");
    }

    private Path rows(String name, int first) throws IOException {
        StringBuilder text = new StringBuilder("time,open,high,low,close,volume\n");
        for (int i = first; i < first + ROWS; i++) {
            text.append(i * 60L).append(",1.5,2,1,1.").append(i).append(",10\n");
        }
        return Files.writeString(folder.resolve(name), text);
    }

    private Process start(List<Path> files, List<Integer> order) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                EdgeCommand.class.getName(),
                "load",
                "--edge",
                "pi",
                "--no-kafka",
                "--data-dir",
                folder.resolve("data").toString(),
                "--source",
                "history",
                "--symbol",
                "A-B",
                "--timeframe",
                "1m",
                "--time-unit",
                "s"));
        order.forEach(i -> command.add(files.get(i).toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out.txt").toFile())
                .start();
    }
}
