package io.tidemark.exchange.fault;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Turns requests away for a while, as a venue does that limits or has trouble. Thread-safe. */
public final class Gate {
    private final LongSupplier nanoClock;
    private Fault.@Nullable Refusal refusal;
    private long left;
    private long since;
    private long turnedAway;

    public Gate(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** How a request is turned away; status 0 for a socket that is closed as soon as it stands. */
    public record Away(int status, long retryAfterSeconds) {}

    synchronized void close(Fault.Refusal shut) {
        refusal = shut;
        left = shut.times();
        since = nanoClock.getAsLong();
    }

    /** Lets everybody in again. */
    public synchronized void open() {
        refusal = null;
    }

    /** What meets this request, or null if it may come in. */
    public synchronized @Nullable Away meets(boolean socket) {
        Fault.Refusal shut = refusal;
        if (shut == null || (shut.status() == 0 && !socket)) {
            return null;
        }
        if (shut.nanos() != Long.MAX_VALUE && nanoClock.getAsLong() - since >= shut.nanos()) {
            refusal = null;
            return null;
        }
        if (left == 0) {
            refusal = null;
            return null;
        }
        left -= left > 0 ? 1 : 0;
        turnedAway++;
        return new Away(shut.status(), shut.retryAfterSeconds());
    }

    public synchronized boolean isClosed() {
        return refusal != null;
    }

    public synchronized long turnedAway() {
        return turnedAway;
    }
}
