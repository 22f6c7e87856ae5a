package io.tidemark.edge.segment;

import static io.tidemark.edge.log.LogFixture.SOURCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.edge.check.FolderCheck;
import io.tidemark.edge.log.LogFixture;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of a JVM that appends, rotates and converts under load, again and again on one folder.
 *
 * <p>{@code -Dtidemark.crash.rounds=500 -Dtidemark.seed=N} for more, or the same again.
 */
class LogCrashIT {
    private static final int ROUNDS =
            Integer.getInteger("tidemark.crash.rounds", "full".equals(System.getProperty("tidemark.faults")) ? 200 : 8);

    @TempDir
    Path folder;

    @Test
    void nothingWrittenIsLostOrDoubledAndBatchesAreWhole() throws Exception {
        long seed = Long.getLong("tidemark.seed", System.nanoTime());
        System.out.println("LogCrashIT seed " + seed);
        Random random = new Random(seed);
        long promised = 0;
        for (int round = 0; round < ROUNDS; round++) {
            promised = Math.max(
                    promised,
                    killedAfter(
                            random.nextLong(),
                            random.nextInt(10) < 2 ? random.nextInt(120) : 120 + random.nextInt(500)));
        }
        Map<Long, Integer> trades = new TreeMap<>();
        long frames;
        try (LogFixture edge = new LogFixture(folder)) {
            assertTrue(edge.store.incarnation() <= ROUNDS + 1);
            frames = edge.store.totals(SOURCE).webSocketFrames();
            assertTrue(frames >= promised, "promised " + promised + ", found " + frames);
            new SegmentConverter(edge.store, SegmentConverterTest.Settings.USUAL, edge.clock, new SimpleMeterRegistry())
                    .convertAll();
        }
        assertEquals(List.of(), FolderCheck.run(folder).faults());
        long frameRows = 0;
        Map<String, Long> nextSequence = new HashMap<>();
        for (Path file : segments()) {
            try (EventFileReader reader = EventFileReader.open(file)) {
                for (Envelope event = reader.next(); event != null; event = reader.next()) {
                    String stream = event.getIncarnation() + event.getChannel();
                    nextSequence.merge(stream, event.getSequence() + 1, Math::max);
                    nextSequence.merge(stream + " rows", 1L, Long::sum);
                    if (event.hasFrame()) {
                        frameRows++;
                    } else if (event.hasTrade()) {
                        String id = event.getTrade().getTradeId();
                        trades.merge(Long.parseLong(id.substring(0, id.indexOf('.'))), 1, Integer::sum);
                    }
                }
            }
        }
        assertEquals(frames, frameRows);
        assertEquals(frames, trades.size());
        long expected = 0;
        for (Map.Entry<Long, Integer> frame : trades.entrySet()) {
            assertEquals(expected++, frame.getKey());
            assertEquals(1 + frame.getKey() % 3, frame.getValue().longValue(), "trades of frame " + frame.getKey());
        }
        nextSequence.forEach((stream, count) ->
                assertEquals(nextSequence.getOrDefault(stream.replace(" rows", "") + " rows", 0L), count, stream));
        System.out.println(ROUNDS + " kills, " + frames + " frames, at least " + promised + " were promised");
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("raw/ready"))) {
            return files.filter(file -> file.toString().endsWith(".parquet")).toList();
        }
    }

    /** What the process had said it wrote when it was killed. */
    private long killedAfter(long seed, int millis) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                AppendingProcess.class.getName(),
                folder.toString(),
                Long.toString(seed)));
        Process process = new ProcessBuilder(command)
                .redirectError(folder.resolve("stderr.txt").toFile())
                .start();
        long last = 0;
        try (BufferedReader out = process.inputReader()) {
            // Some are killed while they start and recover.
            if (millis >= 120) {
                assertEquals("ready", out.readLine(), () -> read(folder.resolve("stderr.txt")));
            }
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            while (System.nanoTime() < end) {
                if (out.ready()) {
                    last = promise(out.readLine(), last);
                } else {
                    LockSupport.parkNanos(1_000_000);
                }
            }
            // By the handle: the process itself would close its output with it.
            process.toHandle().destroyForcibly();
            // Whole lines that were under way count as well; the last one may be cut.
            StringBuilder rest = new StringBuilder();
            for (int c = out.read(); c >= 0; c = out.read()) {
                if (c == '\n') {
                    last = promise(rest.toString(), last);
                    rest.setLength(0);
                } else {
                    rest.append((char) c);
                }
            }
        }
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        return last;
    }

    private static long promise(String line, long before) {
        return line.equals("ready") ? before : Long.parseLong(line);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
