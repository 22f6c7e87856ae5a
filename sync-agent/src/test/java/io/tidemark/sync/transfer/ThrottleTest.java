package io.tidemark.sync.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.sync.target.StoppedException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // nanoTime may wrap
    private final StopSignal stop = new StopSignal();

    @Test
    void pieceAfterPieceWaitsForItsTurn() {
        Throttle throttle = new Throttle(Bandwidth.of("1000K"), now::get, stop);
        assertEquals(Duration.ZERO, throttle.book(512_000));
        assertEquals(Duration.ofMillis(500), throttle.book(1_024_000));
        now.addAndGet(Duration.ofMillis(500).toNanos());
        assertEquals(Duration.ofSeconds(1), throttle.book(1));
    }

    @Test
    void unusedTimeIsNotSavedUp() {
        Throttle throttle = new Throttle(Bandwidth.of("1000K"), now::get, stop);
        throttle.book(1_024_000);
        now.addAndGet(Duration.ofHours(1).toNanos());
        assertEquals(Duration.ZERO, throttle.book(1_024_000));
        assertEquals(Duration.ofSeconds(1), throttle.book(1));
    }

    @Test
    void withoutALimitNobodyWaits() {
        Throttle throttle = new Throttle(Bandwidth.UNLIMITED, now::get, stop);
        for (int i = 0; i < 10; i++) {
            assertEquals(Duration.ZERO, throttle.book(Integer.MAX_VALUE));
        }
    }

    @Test
    void aStopEndsTheWait() {
        Throttle throttle = new Throttle(Bandwidth.of("1K"), now::get, stop);
        throttle.book(1 << 30);
        stop.stop();
        assertThrows(StoppedException.class, () -> throttle.await(1));
    }

    @Test
    void ratesAreReadAsWritten() {
        assertEquals(512 * 1024, Bandwidth.of("512K").bytesPerSecond());
        assertEquals(10L << 20, Bandwidth.of("10MiB/s").bytesPerSecond());
        assertEquals(1L << 30, Bandwidth.of("1g").bytesPerSecond());
        assertEquals(2048, Bandwidth.of("2048").bytesPerSecond());
        assertEquals(0, Bandwidth.of("unlimited").bytesPerSecond());
        for (String bad : new String[] {"", "0", "10", "-1M", "1T", "fast", "1.5M", "999999999999G"}) {
            assertThrows(IllegalArgumentException.class, () -> Bandwidth.of(bad), bad);
        }
    }

    @Test
    void waitsBetweenTriesDoubleUpToACeilingAndAreJittered() {
        Retry retry = new Retry(50, Duration.ofSeconds(1));
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            long ceiling = Math.min(30_000, 1000L << Math.min(i, 20));
            for (int n = 0; n < 20; n++) {
                long wait = retry.before(i, random).toMillis();
                assertTrue(wait >= 0 && wait <= ceiling, i + ": " + wait);
            }
        }
    }
}
