package io.tidemark.edge.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {
    /** The highest number asked for is what comes. */
    private static RandomGenerator highest(List<Long> bounds) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError();
            }

            @Override
            public long nextLong(long bound) {
                bounds.add(bound);
                return bound - 1;
            }
        };
    }

    @Test
    void theFirstRetryIsImmediateAndTheBoundDoublesToTheCeiling() {
        Backoff backoff = new Backoff(Duration.ofSeconds(5), highest(new ArrayList<>()));
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            waits.add(backoff.next().toSeconds());
        }
        assertEquals(List.of(0L, 5L, 10L, 20L, 40L, 60L, 60L), waits);
    }

    @Test
    void everyWaitFromNothingToTheBoundIsPossible() {
        List<Long> bounds = new ArrayList<>();
        Backoff backoff = new Backoff(Duration.ofSeconds(5), highest(bounds));
        backoff.next();
        backoff.next();
        assertEquals(List.of(5001L), bounds);
        Backoff lowest = new Backoff(Duration.ofSeconds(5), (RandomGenerator) () -> 0L);
        lowest.next();
        assertEquals(Duration.ZERO, lowest.next());
    }

    @Test
    void onlyAStableConnectionBeginsAnew() {
        Backoff backoff = new Backoff(Duration.ofSeconds(5), highest(new ArrayList<>()));
        backoff.next();
        backoff.next();
        backoff.stood(Duration.ofSeconds(59));
        assertEquals(10, backoff.next().toSeconds());
        backoff.stood(Duration.ofSeconds(60));
        assertEquals(Duration.ZERO, backoff.next());
    }

    @Test
    void attemptsForEverNeverOverflow() {
        Backoff backoff = new Backoff(Duration.ofMillis(1), highest(new ArrayList<>()));
        for (int i = 0; i < 10_000; i++) {
            Duration wait = backoff.next();
            assertTrue(!wait.isNegative() && wait.compareTo(Backoff.CEILING) <= 0, "attempt " + i + ": " + wait);
        }
    }
}
