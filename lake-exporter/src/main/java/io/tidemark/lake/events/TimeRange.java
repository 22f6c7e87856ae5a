package io.tidemark.lake.events;

import java.time.Instant;
import java.util.Optional;

/** Event times from {@code from} up to but not including {@code to}, nanoseconds since 1970 UTC. */
public record TimeRange(long from, long to) {
    public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

    /** Throws {@link IllegalArgumentException} where nothing lies between. */
    public static TimeRange of(Optional<Instant> from, Optional<Instant> to) {
        TimeRange range = new TimeRange(
                from.map(TimeRange::nanos).orElse(Long.MIN_VALUE),
                to.map(TimeRange::nanos).orElse(Long.MAX_VALUE));
        if (range.from >= range.to) {
            throw new IllegalArgumentException("nothing lies between " + from.get() + " and " + to.get());
        }
        return range;
    }

    private static long nanos(Instant time) {
        try {
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(time + " is out of the range of nanoseconds since 1970", e);
        }
    }

    boolean contains(long time) {
        return time >= from && (time < to || to == Long.MAX_VALUE);
    }

    public boolean isAll() {
        return equals(ALL);
    }
}
