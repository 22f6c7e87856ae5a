package io.tidemark.edge.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.edge.feed.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of a JVM that polls, again and again on one folder, while candles close and news come: in the end each is in
 * the segments exactly once, though its log is long gone.
 *
 * <p>{@code -Dtidemark.seed=N} for the same again; {@code -Dtidemark.faults=full} for more kills.
 */
class PollCrashIT {
    private static final int ROUNDS = "full".equals(System.getProperty("tidemark.faults")) ? 100 : 8;

    /** Wide enough that none drops out unseen while no run gets as far as to ask. */
    private static final int WINDOW = 40 * ROUNDS;

    @TempDir
    Path folder;

    @Test
    void eachRecordIsThereOnceAfterAnyKill() throws Exception {
        long seed = Long.getLong("tidemark.seed", System.nanoTime());
        System.out.println("PollCrashIT seed " + seed);
        Random random = new Random(seed);
        AtomicLong items = new AtomicLong(5);
        PollSupervisorTest.Candles candles = new PollSupervisorTest.Candles(500);
        try (PollServer server = new PollServer()) {
            server.at("/api/v3/klines", candles);
            // The latest, as a feed has them; a second feed has every third of them too.
            server.at("/rss", request -> request.response().end(feed(items.get(), 1)));
            server.at("/other", request -> request.response().end(feed(items.get(), 3)));
            for (int round = 0; round < ROUNDS; round++) {
                killedAfter(server, random.nextLong(), random.nextInt(2_500), () -> {
                    candles.now.addAndGet(random.nextInt(3));
                    items.addAndGet(random.nextInt(2));
                });
                candles.now.addAndGet(random.nextInt(1_500));
                items.addAndGet(random.nextInt(3));
            }
            finish(server, candles.now.get() - 1, items.get());
        }
        Map<Long, Integer> bars = new HashMap<>();
        Map<String, Integer> news = new HashMap<>();
        try (Stream<Path> files = Files.walk(folder.resolve("data/raw/ready"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
                try (EventFileReader reader = EventFileReader.open(file)) {
                    for (Envelope event = reader.next(); event != null; event = reader.next()) {
                        if (event.hasBar()) {
                            bars.merge(event.getBar().getOpenTime(), 1, Integer::sum);
                        } else if (event.hasNews()) {
                            news.merge(event.getNews().getItemId(), 1, Integer::sum);
                        }
                    }
                }
            }
        }
        assertEquals(candles.now.get() - 1, bars.size());
        assertTrue(bars.values().stream().allMatch(count -> count == 1), bars::toString);
        assertEquals(items.get(), news.size(), news::toString);
        assertTrue(news.values().stream().allMatch(count -> count == 1), news::toString);
        try (Stream<Path> logs = Files.walk(folder.resolve("data/raw/active"))) {
            assertTrue(logs.filter(file -> file.toString().endsWith(".log")).count() <= 4);
        }
        System.out.println(ROUNDS + " kills, " + bars.size() + " candles, " + news.size() + " items");
    }

    private static String feed(long count, int step) {
        StringBuilder out = new StringBuilder("<rss><channel><title>of " + step + "</title>");
        for (long i = count - 1; i >= Math.max(0, count - WINDOW); i--) {
            if (i % step == 0) {
                out.append("<item><guid>g" + i + "</guid><title>item " + i + "</title></item>");
            }
        }
        return out.append("</channel></rss>").toString();
    }

    private Process start(PollServer server, long seed, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                PollingProcess.class.getName(),
                folder.resolve("data").toString(),
                server.address(),
                Long.toString(seed)));
        command.addAll(List.of(more));
        Files.createDirectories(folder.resolve("data"));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("stderr.txt").toFile()))
                .start();
    }

    private void killedAfter(PollServer server, long seed, int millis, Runnable meanwhile) throws Exception {
        Process process = start(server, seed);
        try (BufferedReader out = process.inputReader()) {
            assertEquals("ready", out.readLine(), () -> read(folder.resolve("stderr.txt")));
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(50_000_000);
                meanwhile.run();
            }
            process.toHandle().destroyForcibly();
        }
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    }

    private void finish(PollServer server, long candles, long items) throws Exception {
        int before = server.asked().size();
        Process process = start(server, 1, "finish");
        try (BufferedReader out = process.inputReader()) {
            assertEquals("ready", out.readLine(), () -> read(folder.resolve("stderr.txt")));
            // The exchange says nothing more than its open candle, to three requests in a row.
            Await.until("all asked for, of " + candles + " and " + items, () -> {
                List<PollServer.Asked> asked = server.asked();
                List<PollServer.Asked> since = asked.subList(before, asked.size());
                long end = 1_600_000_020_000L + (candles - 1) * 60_000 + 1;
                return since.stream()
                                        .filter(one -> one.uri().contains("startTime=" + end + "&"))
                                        .count()
                                >= 2
                        && since.stream()
                                        .filter(one -> one.uri().equals("/other"))
                                        .count()
                                >= 3;
            });
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            assertEquals("done", out.readLine(), () -> read(folder.resolve("stderr.txt")));
        }
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
