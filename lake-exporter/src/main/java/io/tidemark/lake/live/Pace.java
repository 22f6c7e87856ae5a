package io.tidemark.lake.live;

import io.tidemark.contracts.proto.RateState;
import java.util.OptionalDouble;

/**
 * Decides from backlog and drain of one family how fast the edges may send. Pure but for its own memory.
 *
 * <p>GREEN while the backlog is small or at most a second of draining: no limit, but one that was set is raised by a quarter
 * at most every 10 s while it binds, and lifted when it has not bound for 10 s. AMBER from two seconds: a little
 * less than the drain, less what melts the backlog away within 30 s. RED from ten seconds: half the drain, never
 * zero. Between the thresholds a state stays as it is.
 */
final class Pace {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double SMOOTHING = 0.3;
    private static final double LEAST_RATE = 10;
    /** Less is taken in one go; at a start nothing is known of the drain yet. */
    private static final long LEAST_BACKLOG = 1_000;

    private static final long PROBE_NANOS = 10_000_000_000L;

    /** {@code limit} is empty for "as fast as you like". */
    record Decision(
            RateState state, OptionalDouble limit, boolean changed, long backlog, double arrival, double drain) {}

    private RateState state = RateState.RATE_STATE_GREEN;
    private double limit = Double.POSITIVE_INFINITY;
    private double arrival;
    private double drain;
    private double best;
    private long lastNanos;
    private long lastEnd;
    private long limitChanged;
    private long lastBound;
    private boolean measured;

    /**
     * @param end sum of the partitions' end offsets
     * @param next sum of the offsets to be taken next
     */
    Decision decide(long nanos, long end, long next, long taken) {
        long backlog = Math.max(0, end - next);
        if (measured) {
            double seconds = Math.max(0.001, (nanos - lastNanos) / NANOS_PER_SECOND);
            arrival += SMOOTHING * (Math.max(0, end - lastEnd) / seconds - arrival);
            drain += SMOOTHING * (taken / seconds - drain);
            best = Math.max(best * Math.pow(0.97, seconds), drain);
        }
        measured = true;
        lastNanos = nanos;
        lastEnd = end;
        RateState before = state;
        state = next(backlog);
        double half = Math.max(LEAST_RATE, (drain < LEAST_RATE ? best : drain) / 2);
        switch (state) {
            case RATE_STATE_RED -> set(half, nanos);
            case RATE_STATE_AMBER -> set(Math.max(half, 0.95 * drain - backlog / 30.0), nanos);
            default -> {
                if (before != RateState.RATE_STATE_GREEN) {
                    set(Math.max(limit, 0.9 * best), nanos);
                }
                recover(nanos);
            }
        }
        return new Decision(
                state,
                Double.isInfinite(limit) ? OptionalDouble.empty() : OptionalDouble.of(limit),
                before != state,
                backlog,
                arrival,
                drain);
    }

    private RateState next(long backlog) {
        double lag = backlog == 0 ? 0 : drain <= 0 ? Double.POSITIVE_INFINITY : backlog / drain;
        if (backlog < LEAST_BACKLOG) {
            return RateState.RATE_STATE_GREEN;
        }
        if (lag > 10 || (state == RateState.RATE_STATE_RED && lag > 5)) {
            return RateState.RATE_STATE_RED;
        }
        if (lag > 2 || (lag > 1 && state != RateState.RATE_STATE_GREEN)) {
            return RateState.RATE_STATE_AMBER;
        }
        return RateState.RATE_STATE_GREEN;
    }

    private void set(double rate, long nanos) {
        limit = rate;
        limitChanged = nanos;
        lastBound = nanos;
    }

    private void recover(long nanos) {
        if (Double.isInfinite(limit)) {
            return;
        }
        if (arrival >= 0.9 * limit) {
            lastBound = nanos;
            if (nanos - limitChanged >= PROBE_NANOS) {
                limit *= 1.25;
                limitChanged = nanos;
            }
        } else if (nanos - lastBound >= PROBE_NANOS) {
            limit = Double.POSITIVE_INFINITY;
        }
    }
}
