package io.tidemark.edge.venue;

/** A candle's length in minutes as the interval of a channel. */
public final class Minutes {
    private static final int HOUR = 60;
    private static final int DAY = 24 * HOUR;

    private Minutes() {}

    /** {@code 1m}, {@code 4h}, {@code 1d}, {@code 15d}. */
    public static String timeframe(int minutes) {
        if (minutes % (7 * DAY) == 0) {
            return minutes / (7 * DAY) + "w";
        }
        if (minutes % DAY == 0) {
            return minutes / DAY + "d";
        }
        return minutes % HOUR == 0 ? minutes / HOUR + "h" : minutes + "m";
    }
}
