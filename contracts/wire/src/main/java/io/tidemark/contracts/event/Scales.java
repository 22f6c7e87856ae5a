package io.tidemark.contracts.event;

/** Moving a 64-bit coefficient to a larger scale. */
final class Scales {
    private static final long[] POWERS = new long[19];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private Scales() {}

    static boolean fits(long value, int digits) {
        return Math.multiplyHigh(value, POWERS[digits]) == (value * POWERS[digits]) >> 63;
    }

    static long up(long value, int digits) {
        return value * POWERS[digits];
    }
}
