package io.tidemark.edge.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.edge.Recordings;
import io.tidemark.edge.log.MemoryJournal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The feed and the simulated exchange, either of them killed at random moments: each frame exactly once. */
class FeedResumeIT {
    private static final int KILLS = Integer.getInteger("tidemark.kills", 12);

    @TempDir
    Path folder;

    private @Nullable Process exchange;

    @AfterEach
    void end() {
        if (exchange != null) {
            exchange.destroyForcibly();
        }
    }

    private int serve(int port, Path capture) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "io.tidemark.exchange.ExchangeCommand",
                        "serve",
                        "--port",
                        Integer.toString(port),
                        "--state",
                        folder.resolve("exchange.json").toString(),
                        "--capture",
                        capture.toString())
                .redirectErrorStream(true)
                .start();
        exchange = process;
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.append(line).append('\n');
            if (line.contains("listening on")) {
                return Integer.parseInt(
                        line.substring(line.lastIndexOf(':') + 1).strip());
            }
        }
        throw new AssertionError("the exchange did not start: " + said);
    }

    @Test
    void everyFrameIsTakenExactlyOnceHoweverOftenEitherSideDies() throws Exception {
        String relative = "captures/binance-spot/btcusdt_20240808.gz";
        Path capture = Recordings.folder().resolve(relative);
        List<String> expected = new ArrayList<>();
        Recordings.numberedLines(relative, (time, text) -> {
            if (!text.startsWith("{\"lastUpdateId\"")) {
                expected.add(text);
            }
        });
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);

        int port = serve(0, capture);
        List<String> taken = new ArrayList<>();
        for (int incarnation = 1; ; incarnation++) {
            MemoryJournal journal = new MemoryJournal("binance", incarnation, taken.size());
            try (FeedRig rig = new FeedRig(
                    folder, journal, port, Map.of("finite", "true", "resume", "true", "reconnect-delay", "50ms"))) {
                rig.feed.start();
                int before = taken.size();
                int target = incarnation > KILLS
                        ? Integer.MAX_VALUE
                        : before + random.nextInt(1, Math.max(2, 2 * expected.size() / KILLS));
                Await.until(
                        () -> rig.feed.status().toString(),
                        () -> rig.state() == FeedState.ENDED || journal.framesLogged() >= target);
                if (incarnation % 3 == 0 && rig.state() != FeedState.ENDED) {
                    Objects.requireNonNull(exchange).destroyForcibly().waitFor();
                    serve(port, capture);
                    long now = journal.framesLogged();
                    Await.until(
                            () -> rig.feed.status().toString(),
                            () -> rig.state() == FeedState.ENDED || journal.framesLogged() > now + 100);
                }
                boolean ended = rig.state() == FeedState.ENDED;
                rig.close();
                List<String> now = frames(journal);
                // What a crash takes: the last batches that were not written yet.
                int lost = ended ? 0 : random.nextInt(Math.min(100, now.size() + 1));
                taken.addAll(now.subList(0, now.size() - lost));
                if (ended) {
                    break;
                }
            }
        }
        assertEquals(expected.size(), taken.size(), "seed " + seed);
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i), taken.get(i), "frame " + i + ", seed " + seed);
        }
    }

    private static List<String> frames(MemoryJournal journal) {
        return journal.events("frames").stream()
                .filter(e -> e.getConnector().equals("ws"))
                .map(Envelope::getFrame)
                .map(frame -> frame.getPayload().toStringUtf8())
                .toList();
    }
}
