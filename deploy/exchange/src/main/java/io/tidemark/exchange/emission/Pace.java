package io.tidemark.exchange.emission;

import java.time.Duration;

/**
 * When a frame is due: its own time, run at a chosen speed from an anchor.
 *
 * <p>The anchor is set anew when a client joins, when frame times step back, and across holes longer
 * than {@link #LONGEST_HOLE}, as they lie between the recordings of two days.
 */
public final class Pace {
    static final Duration LONGEST_HOLE = Duration.ofMinutes(5);

    private final double speed;
    private boolean anchored;
    private long anchorFrame;
    private long anchorNow;
    private long last;

    private Pace(double speed) {
        this.speed = speed;
    }

    /** As fast as the clients read. */
    public static Pace unlimited() {
        return new Pace(Double.POSITIVE_INFINITY);
    }

    /** {@code speed} seconds of the tape in one second. */
    public static Pace times(double speed) {
        if (!(speed > 0)) {
            throw new IllegalArgumentException("the speed must be above 0: " + speed);
        }
        return new Pace(speed);
    }

    public boolean isUnlimited() {
        return speed == Double.POSITIVE_INFINITY;
    }

    void reset() {
        anchored = false;
    }

    /** Nanoseconds until a frame of that time is due; not above 0 if it is due already. */
    long waitNanos(long frameTime, long now) {
        if (isUnlimited()) {
            return 0;
        }
        if (!anchored || frameTime < last || frameTime - last > LONGEST_HOLE.toNanos()) {
            anchored = true;
            anchorFrame = frameTime;
            anchorNow = now;
        }
        last = frameTime;
        return anchorNow + (long) ((frameTime - anchorFrame) / speed) - now;
    }
}
