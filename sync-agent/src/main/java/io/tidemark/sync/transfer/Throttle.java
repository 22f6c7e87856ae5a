package io.tidemark.sync.transfer;

import io.tidemark.sync.target.StoppedException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Holds all copying threads together below one rate.
 *
 * <p>Each piece books its time slot behind the last one, so the rate holds over any stretch longer than one
 * piece, and time that nobody used is not saved up for a burst.
 */
public final class Throttle {
    private final Bandwidth limit;
    private final LongSupplier nanoTime;
    private final StopSignal stop;
    private long free;

    public Throttle(Bandwidth limit, LongSupplier nanoTime, StopSignal stop) {
        this.limit = limit;
        this.nanoTime = nanoTime;
        this.stop = stop;
        this.free = nanoTime.getAsLong();
    }

    /** Returns when so many bytes may go. */
    public void await(int bytes) throws StoppedException {
        StoppedException.throwIf(stop);
        Duration wait = book(bytes);
        if (!wait.isZero() && stop.await(wait)) {
            throw new StoppedException();
        }
    }

    /** How long the caller has to wait. */
    synchronized Duration book(int bytes) {
        if (limit.bytesPerSecond() == 0) {
            return Duration.ZERO;
        }
        long now = nanoTime.getAsLong();
        long start = free - now > 0 ? free : now;
        free = start + bytes * 1_000_000_000L / limit.bytesPerSecond();
        return Duration.ofNanos(start - now);
    }
}
