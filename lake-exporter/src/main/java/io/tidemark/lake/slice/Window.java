package io.tidemark.lake.slice;

/**
 * A half-open stretch of time, in milliseconds since 1970 UTC.
 *
 * @param fromMs inside
 * @param toMs outside
 */
public record Window(long fromMs, long toMs) {
    /** The start of the interval that a time lies in. */
    public static long floorToInterval(long tsMs, long intervalS) {
        return Math.floorDiv(tsMs, intervalS * 1000) * (intervalS * 1000);
    }

    /** So many candles before the alert's own, its own, and so many after it. */
    public static Window computeWindowSlice(long alertTs, long intervalS, long preCandles, long postCandles) {
        long floor = floorToInterval(alertTs, intervalS);
        long interval = intervalS * 1000;
        return new Window(floor - preCandles * interval, floor + (postCandles + 1) * interval);
    }

    public long fromMicros() {
        return Math.multiplyExact(fromMs, 1000L);
    }

    public long toMicros() {
        return Math.multiplyExact(toMs, 1000L);
    }
}
