package io.tidemark.edge.feed;

/** Frames a second, smoothed: forgets in about ten seconds. One thread ticks, any reads. */
final class FrameRate {
    private static final int SMOOTHING = 40;

    private final double ticksPerSecond;
    private long before = -1;
    private volatile double perSecond;

    FrameRate(long tickMillis) {
        this.ticksPerSecond = 1000.0 / tickMillis;
    }

    /** {@code frames}: all that ever came. */
    void tick(long frames) {
        double now = before < 0 ? 0 : (frames - before) * ticksPerSecond;
        before = frames;
        // One thread writes.
        perSecond = perSecond + (now - perSecond) / SMOOTHING;
    }

    double perSecond() {
        return perSecond;
    }
}
