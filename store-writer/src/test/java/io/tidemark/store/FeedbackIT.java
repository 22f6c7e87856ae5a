package io.tidemark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.RateSignal;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.stack.Await;
import io.tidemark.store.stack.Bars;
import io.tidemark.store.stack.Rig;
import io.tidemark.store.stack.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Of two writers one speaks to the edges, also to those that only the other one sees; the other takes over. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class FeedbackIT {
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir
    static Path dir;

    private static List<RateSignal> signals(Rig rig) throws Exception {
        List<RateSignal> signals = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : rig.read(Topics.FEEDBACK)) {
            signals.add(RateSignal.parseFrom(record.value()));
        }
        return signals;
    }

    private static Set<String> edges(List<RateSignal> signals, long epoch) {
        Set<String> edges = new TreeSet<>();
        signals.stream().filter(signal -> signal.getEpoch() == epoch).forEach(signal -> edges.add(signal.getEdge()));
        return edges;
    }

    @Test
    void oneWriterSpeaksToAllEdgesAndAnotherTakesOverWithinTheLease() throws Exception {
        try (Rig rig = new Rig(dir)) {
            rig.createTopic(Topics.BARS);
            try (Writer first = Writer.start(rig, Map.of()).awaitReady();
                    Writer second = Writer.start(rig, Map.of()).awaitReady()) {
                Await.until(
                        LONG,
                        second::log,
                        () -> first.log().split("claimed tidemark.bars.v1/").length > 1
                                && second.log().contains("claimed tidemark.bars.v1/"));
                // Each symbol has an edge of its own, so that each writer sees some of them only.
                List<Envelope> bars = new ArrayList<>();
                Set<String> all = new TreeSet<>();
                for (int symbol = 0; symbol < 16; symbol++) {
                    all.add("edge-" + symbol);
                    bars.add(Bars.bar("FEED-" + symbol, Bars.AUGUST, "1")
                            .setEdge("edge-" + symbol)
                            .build());
                }
                rig.sendBars(bars);
                first.awaitWritten(bars.size(), LONG);
                long[] epoch = {0};
                Await.until(LONG, () -> first.log() + second.log(), () -> {
                    List<RateSignal> signals = signals(rig);
                    epoch[0] = signals.stream()
                            .mapToLong(RateSignal::getEpoch)
                            .max()
                            .orElse(0);
                    return edges(signals, epoch[0]).equals(all);
                });
                Writer sender = sender(first) ? first : second;
                Writer other = sender == first ? second : first;
                assertTrue(sender(sender));
                assertFalse(sender(other), "two senders");
                long killed = System.currentTimeMillis();
                sender.kill();
                Await.until(LONG, other::log, () -> {
                    List<RateSignal> signals = signals(rig);
                    long now = signals.stream()
                            .mapToLong(RateSignal::getEpoch)
                            .max()
                            .orElse(0);
                    return now > epoch[0] && edges(signals, now).equals(all);
                });
                long lease = 30_000;
                List<RateSignal> after = signals(rig);
                long took = after.stream()
                                .filter(signal -> signal.getEpoch() > epoch[0])
                                .mapToLong(signal -> signal.getIssuedAt() / 1_000_000)
                                .min()
                                .orElseThrow()
                        - killed;
                System.out.println("FeedbackIT: taken over after " + took + " ms");
                assertTrue(took < lease, took + " ms");
                String csv = other.get("/admin/feedback/csv").body();
                assertTrue(csv.startsWith("time,family,state,backlog,"), csv);
                assertTrue(csv.contains(",bars,GREEN,"), csv);
                assertEquals(
                        List.of("bars|GREEN"),
                        rig.ask("SELECT family, state FROM store_feedback WHERE family = 'bars'"));
            }
        }
    }

    /** Whether it says of itself that it speaks. */
    private static boolean sender(Writer writer) throws Exception {
        String[] lines = writer.get("/admin/feedback/csv").body().strip().split("\n");
        return lines[lines.length - 1].endsWith(",true");
    }
}
