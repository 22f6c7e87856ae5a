package io.tidemark.store.migrate;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * The pace that the writers' own feedback allows: full speed while GREEN, half of it while AMBER, nothing
 * while RED; and never more than a given number of rows per second.
 */
public final class FeedbackPace implements Pace {
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);
    private static final double NANOS = 1e9;

    /** What the sender of the rate signals said last; GREEN also when none has spoken for a lease. */
    public enum State {
        GREEN,
        AMBER,
        RED
    }

    /** Sleeps; a test's clock only counts. */
    @FunctionalInterface
    public interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }

    private final Supplier<State> state;
    private final long rowsPerSecond;
    private final Sleeper sleeper;

    /** {@code rowsPerSecond} 0 is without a limit. */
    public FeedbackPace(Supplier<State> state, long rowsPerSecond, Sleeper sleeper) {
        this.state = state;
        this.rowsPerSecond = rowsPerSecond;
        this.sleeper = sleeper;
    }

    @Override
    public void after(long rows, long nanos) throws InterruptedException {
        State now = state.get();
        while (now == State.RED) {
            sleeper.sleep(ASK_AGAIN);
            now = state.get();
        }
        double wait = now == State.AMBER ? nanos : 0;
        if (rowsPerSecond > 0) {
            wait = Math.max(wait, rows * NANOS / rowsPerSecond - nanos);
        }
        if (wait > 0) {
            sleeper.sleep(Duration.ofNanos((long) wait));
        }
    }
}
