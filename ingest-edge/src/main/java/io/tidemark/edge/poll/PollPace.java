package io.tidemark.edge.poll;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait between two rounds: the source's interval with a little jitter, stretched so that what the rounds
 * bring stays below the rate that the family's consumers can take.
 *
 * <p>Not thread-safe.
 */
final class PollPace {
    /** However slow the consumers are, a source is asked again after this or after its own interval. */
    static final Duration LONGEST = Duration.ofHours(1);

    private static final double JITTER = 0.05;

    private final Duration interval;
    private final RandomGenerator random;

    PollPace(Duration interval, RandomGenerator random) {
        this.interval = interval;
        this.random = random;
    }

    /** So that the sources of many edges do not begin together. */
    Duration first() {
        long most = Math.min(interval.toMillis(), 2_000);
        return Duration.ofMillis(most <= 0 ? 0 : random.nextLong(most));
    }

    /** {@code limit}: records per second, infinite without one; {@code records}: what the last round brought. */
    Duration stretched(double limit, long records) {
        if (Double.isInfinite(limit) || !(limit > 0) || records <= 0) {
            return interval;
        }
        double needed = records / limit;
        double most = Math.max(LONGEST.toSeconds(), interval.toMillis() / 1000.0);
        Duration stretched = Duration.ofMillis((long) (Math.min(needed, most) * 1000));
        return stretched.compareTo(interval) > 0 ? stretched : interval;
    }

    /** From the begin of one round to that of the next. */
    Duration next(double limit, long records) {
        Duration wait = stretched(limit, records);
        return wait.plusMillis((long) (wait.toMillis() * JITTER * random.nextDouble()));
    }
}
