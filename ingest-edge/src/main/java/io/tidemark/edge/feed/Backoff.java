package io.tidemark.edge.feed;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: the first retry is immediate, then a random time between zero and
 * a bound that doubles up to the ceiling (full jitter), until a connection was stable for a while.
 *
 * <p>Not thread-safe. Times are nanoseconds of any one clock.
 */
public final class Backoff {
    public static final Duration CEILING = Duration.ofSeconds(60);
    public static final Duration STABLE = Duration.ofSeconds(60);

    private final long base;
    private final RandomGenerator random;
    private int failures;

    public Backoff(Duration base, RandomGenerator random) {
        this.base = Math.max(1, base.toMillis());
        this.random = random;
    }

    /** Attempts since the last stable connection. */
    public int failures() {
        return failures;
    }

    /** A connection stood for this long. */
    public void stood(Duration time) {
        if (time.compareTo(STABLE) >= 0) {
            failures = 0;
        }
    }

    public void reset() {
        failures = 0;
    }

    /** The wait before the next attempt. */
    public Duration next() {
        int retry = failures++;
        if (retry == 0) {
            return Duration.ZERO;
        }
        long ceiling = CEILING.toMillis();
        int doublings = Math.min(retry - 1, 32);
        long bound = base > ceiling >> doublings ? ceiling : base << doublings;
        return Duration.ofMillis(random.nextLong(bound + 1));
    }
}
