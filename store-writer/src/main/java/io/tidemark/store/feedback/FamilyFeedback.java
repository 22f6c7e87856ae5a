package io.tidemark.store.feedback;

import io.tidemark.contracts.proto.RateState;
import org.jspecify.annotations.Nullable;

/** How fast one family comes and goes, smoothed, and what its controller makes of it. One thread. */
final class FamilyFeedback {
    private static final double SMOOTHING = 0.3;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double LEAST_SECONDS = 0.3;

    private final RateController controller = new RateController();
    private @Nullable GroupProgress last;
    private double arrival;
    private double drain;
    private RateState state = RateState.RATE_STATE_GREEN;
    private long epoch;
    private long sequence;

    RateController.Decision decide(GroupProgress now, boolean breakerOpen) {
        GroupProgress before = last;
        if (before != null) {
            double seconds = (now.nanos() - before.nanos()) / NANOS_PER_SECOND;
            // A signal out of turn must not take a few milliseconds for a measurement of speed.
            if (seconds >= LEAST_SECONDS) {
                arrival += SMOOTHING * (Math.max(0, now.end() - before.end()) / seconds - arrival);
                drain += SMOOTHING * (Math.max(0, now.stored() - before.stored()) / seconds - drain);
                last = now;
            }
        } else {
            last = now;
        }
        return controller.decide(new RateController.Measure(now.nanos(), backlog(now), arrival, drain, breakerOpen));
    }

    static long backlog(GroupProgress now) {
        return Math.max(0, now.end() - now.stored());
    }

    /** The state before, now that this is the state. */
    RateState enter(RateState next) {
        RateState before = state;
        state = next;
        return before;
    }

    /** The number of the next signals under a sender's epoch. */
    long next(long senderEpoch) {
        if (senderEpoch != epoch) {
            epoch = senderEpoch;
            sequence = 0;
        }
        return sequence++;
    }

    double arrival() {
        return arrival;
    }

    double drain() {
        return drain;
    }
}
