package io.tidemark.store.write;

import java.util.random.RandomGenerator;

/** Exponential, full jitter: a random wait up to base x 2^attempt, never above the ceiling, never below 1 ms. */
final class Backoff {
    private static final int MAX_SHIFT = 30;

    private final long baseMillis;
    private final long ceilingMillis;
    private final RandomGenerator random;

    Backoff(long baseMillis, long ceilingMillis, RandomGenerator random) {
        this.baseMillis = baseMillis;
        this.ceilingMillis = ceilingMillis;
        this.random = random;
    }

    /** The wait before repeat number {@code attempt}, from 1. */
    long millis(int attempt) {
        long limit = Math.min(ceilingMillis, baseMillis << Math.min(attempt - 1, MAX_SHIFT));
        return 1 + random.nextLong(limit);
    }
}
