package io.tidemark.edge.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.edge.feed.LivenessWatch.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LivenessWatchTest {
    private static final long SECOND = 1_000_000_000L;
    private final LivenessWatch watch = new LivenessWatch(Duration.ofSeconds(30), Duration.ofSeconds(60));

    @Test
    void aQuietTransportIsAskedAndASilentOneGivenUp() {
        watch.connected(0);
        assertEquals(Verdict.ALIVE, watch.check(10 * SECOND));
        assertEquals(Verdict.ASK, watch.check(10 * SECOND + 1));
        assertEquals(Verdict.ALIVE, watch.check(11 * SECOND));
        assertEquals(Verdict.SILENT, watch.check(30 * SECOND + 1));
    }

    @Test
    void pongsKeepTheTransportAliveButAreNoData() {
        watch.connected(0);
        for (int i = 1; i <= 60; i++) {
            watch.heard(i * SECOND);
            assertEquals(Verdict.ALIVE, watch.check(i * SECOND));
        }
        watch.heard(61 * SECOND);
        assertEquals(Verdict.MUTE, watch.check(61 * SECOND));
        assertEquals(Duration.ofSeconds(61), watch.silence(61 * SECOND));
    }

    @Test
    void inAMarketThatIsQuietByHabitSilenceIsNoFault() {
        watch.connected(0);
        long now = 0;
        for (int i = 0; i < 100; i++) {
            now += 50 * SECOND;
            watch.heard(now);
            watch.data(now);
        }
        watch.heard(now + 300 * SECOND);
        assertEquals(Verdict.ALIVE, watch.check(now + 300 * SECOND));
        watch.heard(now + 1001 * SECOND);
        assertEquals(Verdict.MUTE, watch.check(now + 1001 * SECOND));
    }
}
