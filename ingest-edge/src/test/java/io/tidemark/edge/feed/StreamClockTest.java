package io.tidemark.edge.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StreamClockTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long LIMIT = 60 * SECOND;
    private final StreamClock clock = new StreamClock("BTC-USDT", "quotes");

    private long hear(int times, long interval) {
        long now = SECOND;
        for (int i = 0; i < times; i++) {
            now += interval;
            clock.heard(now);
        }
        return now;
    }

    @Test
    void aBusyStreamThatFallsSilentIsNoticedOnce() {
        long now = hear(200, SECOND / 10);
        assertTrue(clock.isBusy());
        assertFalse(clock.falls(now + LIMIT, LIMIT));
        assertTrue(clock.falls(now + LIMIT + 1, LIMIT));
        assertTrue(clock.isStale());
        assertFalse(clock.falls(now + LIMIT + 2, LIMIT));
        clock.heard(now + LIMIT + 3);
        assertFalse(clock.isStale());
        assertEquals("BTC-USDT/quotes", clock.toString());
    }

    @Test
    void aStreamThatIsQuietByHabitMayBeQuietLonger() {
        long now = hear(200, 30 * SECOND);
        assertFalse(clock.isBusy());
        assertFalse(clock.falls(now + 500 * SECOND, LIMIT));
        assertTrue(clock.falls(now + 601 * SECOND, LIMIT));
    }

    @Test
    void aStreamThatNeverSpokeIsNotMissed() {
        assertFalse(clock.falls(1000 * LIMIT, LIMIT));
    }

    @Test
    void theTimeWithoutAConnectionSaysNothing() {
        long now = hear(200, SECOND / 10);
        clock.rest(now + 3600 * SECOND);
        assertFalse(clock.falls(now + 3600 * SECOND + LIMIT, LIMIT));
    }
}
