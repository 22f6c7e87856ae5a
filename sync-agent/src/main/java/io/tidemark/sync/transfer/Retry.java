package io.tidemark.sync.transfer;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often a file is tried again within one pass, and how long apart: doubling, with full jitter.
 *
 * @param times after the first try
 * @param delay the ceiling of the first wait
 */
public record Retry(int times, Duration delay) {
    private static final Duration CEILING = Duration.ofSeconds(30);

    /** The wait before a retry; the first is number 0. */
    Duration before(int retry, RandomGenerator random) {
        long ceiling = Math.min(CEILING.toMillis(), delay.toMillis() << Math.min(retry, 20));
        return Duration.ofMillis(ceiling <= 0 ? 0 : random.nextLong(ceiling + 1));
    }
}
