package io.tidemark.store.feedback;

import io.tidemark.contracts.proto.RateState;
import java.util.OptionalDouble;

/**
 * Decides from backlog and drain how fast the edges may send. Pure but for its own memory; one thread.
 *
 * <p>GREEN while the backlog is at most a second of draining: no limit, but one that was set is raised by
 * a quarter at most every 10 s while it binds and hardly anything waits, and lifted when it has not bound for 10 s. AMBER from two
 * seconds: a little less than the drain, less what melts the backlog away within 30 s. RED from ten seconds
 * or with the breaker open: half the drain, never zero. Between the thresholds a state stays as it is.
 *
 * <p>The limit turns round at most once in 30 s, and follows small changes of the drain not at all; only an open
 * breaker is obeyed at once. What that costs is some seconds of backlog.
 */
final class RateController {
    private static final double GREEN_SECONDS = 1;
    private static final double AMBER_SECONDS = 2;
    private static final double RED_SECONDS = 10;
    private static final double RED_LEAVE_SECONDS = 5;
    private static final double AMBER_SHARE = 0.95;
    private static final double MELT_SECONDS = 30;
    private static final double PROBE = 1.25;
    /** With more than this much waiting the present limit is already too much. */
    private static final double PROBE_SECONDS = 0.5;

    private static final double BINDS_FROM = 0.9;
    private static final long PROBE_NANOS = 10_000_000_000L;
    private static final double LEAST_RATE = 10;
    /** How fast the best drain is forgotten: by half in about 23 s. */
    private static final double FORGET_PER_SECOND = 0.97;

    private static final long BETWEEN_REVERSALS_NANOS = 30_000_000_000L;
    /** Changes below this part of the limit are no news. */
    private static final double NEWS = 0.05;

    private static final double NANOS_PER_SECOND = 1e9;

    /** What was measured: records, and records per second. */
    record Measure(long nanos, long backlog, double arrival, double drain, boolean breakerOpen) {}

    /** {@code limit} is empty for "as fast as you like". */
    record Decision(RateState state, OptionalDouble limit) {}

    private RateState state = RateState.RATE_STATE_GREEN;
    private double limit = Double.POSITIVE_INFINITY;
    private double best;
    private long bestAt;
    private long limitChanged;
    private long lastBound;
    /** 1 after a rise, -1 after a fall, 0 before the first limit. */
    private int direction;

    private long lastReversal;
    private boolean reversed;

    Decision decide(Measure measure) {
        double lag = lagSeconds(measure);
        RateState before = state;
        state = next(lag, measure.breakerOpen);
        remember(measure);
        double half = Math.max(LEAST_RATE, (measure.drain < LEAST_RATE ? best : measure.drain) / 2);
        switch (state) {
            case RATE_STATE_RED -> follow(half, measure);
            case RATE_STATE_AMBER ->
                follow(Math.max(half, AMBER_SHARE * measure.drain - measure.backlog / MELT_SECONDS), measure);
            default -> {
                if (before != RateState.RATE_STATE_GREEN) {
                    follow(Math.max(limit, BINDS_FROM * best), measure);
                }
                recover(measure, lag);
            }
        }
        return new Decision(state, Double.isInfinite(limit) ? OptionalDouble.empty() : OptionalDouble.of(limit));
    }

    private void remember(Measure measure) {
        // While the breaker is open a missing drain says nothing about what the database can take.
        if (!measure.breakerOpen) {
            best *= Math.pow(FORGET_PER_SECOND, (measure.nanos - bestAt) / NANOS_PER_SECOND);
        }
        bestAt = measure.nanos;
        best = Math.max(best, measure.drain);
    }

    private static double lagSeconds(Measure measure) {
        if (measure.backlog <= 0) {
            return 0;
        }
        return measure.drain <= 0 ? Double.POSITIVE_INFINITY : measure.backlog / measure.drain;
    }

    private RateState next(double lag, boolean breakerOpen) {
        if (breakerOpen || lag > RED_SECONDS) {
            return RateState.RATE_STATE_RED;
        }
        if (state == RateState.RATE_STATE_RED && lag > RED_LEAVE_SECONDS) {
            return RateState.RATE_STATE_RED;
        }
        if (lag > AMBER_SECONDS || (lag > GREEN_SECONDS && state != RateState.RATE_STATE_GREEN)) {
            return RateState.RATE_STATE_AMBER;
        }
        return RateState.RATE_STATE_GREEN;
    }

    private void follow(double rate, Measure measure) {
        lastBound = measure.nanos;
        boolean small = Math.abs(rate - limit) < NEWS * limit;
        if (!small && mayTurn(rate, measure)) {
            limit = rate;
            limitChanged = measure.nanos;
        }
    }

    /** Whether the limit may become this one now; if so, that is its direction from here on. */
    private boolean mayTurn(double rate, Measure measure) {
        int next = Double.compare(rate, limit);
        if (next == 0) {
            return false;
        }
        if (direction != 0 && next != direction) {
            boolean early = reversed && measure.nanos - lastReversal < BETWEEN_REVERSALS_NANOS;
            if (early && !(measure.breakerOpen && next < 0)) {
                return false;
            }
            lastReversal = measure.nanos;
            reversed = true;
        }
        direction = next;
        return true;
    }

    private void recover(Measure measure, double lag) {
        if (Double.isInfinite(limit)) {
            return;
        }
        boolean binds = measure.arrival >= BINDS_FROM * limit;
        if (binds) {
            lastBound = measure.nanos;
            boolean due = measure.nanos - limitChanged >= PROBE_NANOS;
            if (due && lag <= PROBE_SECONDS && mayTurn(PROBE * limit, measure)) {
                limit *= PROBE;
                limitChanged = measure.nanos;
            }
        } else if (measure.nanos - lastBound >= PROBE_NANOS && mayTurn(Double.POSITIVE_INFINITY, measure)) {
            limit = Double.POSITIVE_INFINITY;
        }
    }
}
