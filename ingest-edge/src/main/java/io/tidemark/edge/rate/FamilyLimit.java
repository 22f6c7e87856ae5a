package io.tidemark.edge.rate;

import io.tidemark.contracts.proto.RateSignal;
import java.util.HashMap;
import java.util.Map;

/**
 * One family's limit: the smallest of what its consumers ask for, held as long as their leases run, then ramped
 * back to no limit at all.
 *
 * <p>Times are in seconds of one monotonic clock. Guarded by its own lock.
 */
final class FamilyLimit {
    /** No limit. */
    static final double NONE = Double.POSITIVE_INFINITY;
    /** By this factor the limit has grown when the ramp ends; then it is lifted. */
    private static final double RAMP_FACTOR = 1000;

    private record Held(long epoch, long sequence, double rate, double until) {}

    private final double floor;
    private final double rampSeconds;
    private final Map<String, Held> consumers = new HashMap<>();
    private double rampFrom = NONE;
    private double rampBegan;
    private double tokens;
    private double filled;

    /** {@code jitter} from 0 to 1 stretches the ramp by up to a quarter, so that edges do not come back together. */
    FamilyLimit(double floor, double rampSeconds, double jitter, double now) {
        this.floor = floor;
        this.rampSeconds = rampSeconds * (1 + jitter / 4);
        this.filled = now;
    }

    /** False when the signal is older than what is known of its sender. */
    synchronized boolean accept(RateSignal signal, double leaseSeconds, double now) {
        Held known = consumers.get(signal.getConsumer());
        if (known != null
                && (signal.getEpoch() < known.epoch
                        || (signal.getEpoch() == known.epoch && signal.getSequence() <= known.sequence))) {
            return false;
        }
        double rate = signal.hasSuggestedRate() ? Math.max(floor, signal.getSuggestedRate()) : NONE;
        consumers.put(
                signal.getConsumer(), new Held(signal.getEpoch(), signal.getSequence(), rate, now + leaseSeconds));
        return true;
    }

    private double held(double now) {
        double smallest = NONE;
        for (Held held : consumers.values()) {
            if (now < held.until) {
                smallest = Math.min(smallest, held.rate);
            }
        }
        return smallest;
    }

    /** Records per second allowed now. */
    synchronized double limit(double now) {
        double lowestEnded = NONE;
        double ended = 0;
        boolean live = false;
        for (Held held : consumers.values()) {
            if (now < held.until) {
                live = true;
            } else if (held.rate < lowestEnded) {
                lowestEnded = held.rate;
                ended = held.until;
            }
        }
        double smallest = live ? held(now) : NONE;
        if (lowestEnded != NONE) {
            if (rampFrom == NONE || rampBegan != ended) {
                rampFrom = lowestEnded;
                rampBegan = ended;
            }
            double passed = rampSeconds == 0 ? 1 : (now - rampBegan) / rampSeconds;
            if (passed < 1) {
                return Math.min(smallest, rampFrom * Math.pow(RAMP_FACTOR, passed));
            }
            consumers.values().removeIf(held -> now >= held.until);
        }
        rampFrom = NONE;
        return smallest;
    }

    /** Whether the way back after an ended lease is under way. */
    synchronized boolean isRamping(double now) {
        return limit(now) != NONE && rampFrom != NONE;
    }

    /** Takes one record's worth of the limit. */
    synchronized boolean tryAcquire(double now) {
        double limit = limit(now);
        if (limit == NONE) {
            tokens = 0;
            filled = now;
            return true;
        }
        // A tenth of a second's worth may come at once, and always one record.
        double most = Math.max(1, limit / 10);
        tokens = Math.min(most, tokens + (now - filled) * limit);
        filled = now;
        if (tokens < 1) {
            return false;
        }
        tokens -= 1;
        return true;
    }
}
