package io.tidemark.contracts.files.schema;

import io.tidemark.contracts.decimal.Decimal38;

/**
 * Decimals of a file at their shortest scale: 60000.120000000000000000 becomes 60000.12.
 *
 * <p>Works on 32-bit limbs, because nearly every price needs more than 64 bits at scale 18 and none at its own.
 */
final class Shortest {
    private static final int[] STEPS = {9, 4, 2, 1};
    private static final long[] POWERS = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
    };

    private final Decimal38[] values;
    private final int scale;
    private final boolean fitsLong;

    /** A column of a book side: {@code count} values of sixteen bytes. */
    Shortest(byte[] fixed16, int count) {
        values = new Decimal38[count];
        int largest = 0;
        for (int i = 0; i < count; i++) {
            values[i] = new Decimal38();
            read(fixed16, i * Row.DECIMAL_BYTES, values[i]);
            largest = Math.max(largest, values[i].scale());
        }
        scale = largest;
        boolean fits = true;
        for (Decimal38 value : values) {
            fits &= value.isSmall() && fits(value.smallCoefficient(), largest - value.scale());
        }
        fitsLong = fits;
    }

    /** The scale that holds all of them. */
    int scale() {
        return scale;
    }

    /** Whether all coefficients at that scale have at most 64 bits. */
    boolean fitsLong() {
        return fitsLong;
    }

    long coefficient(int index) {
        Decimal38 value = values[index];
        return value.smallCoefficient() * power(scale - value.scale());
    }

    Decimal38 value(int index) {
        return values[index];
    }

    private static boolean fits(long value, int digits) {
        long factor = power(digits);
        return Math.multiplyHigh(value, factor) == (value * factor) >> 63;
    }

    private static long power(int digits) {
        return digits <= 9 ? POWERS[digits] : POWERS[9] * POWERS[digits - 9];
    }

    /** Reads one value. */
    static void read(byte[] bytes, int offset, Decimal38 target) {
        boolean negative = bytes[offset] < 0;
        long[] limbs = new long[4];
        for (int i = 0; i < Row.DECIMAL_BYTES; i++) {
            int b = negative ? ~bytes[offset + i] : bytes[offset + i];
            limbs[i / 4] = (limbs[i / 4] << 8) | (b & 0xff);
        }
        if (negative) {
            for (int i = 3; i >= 0; i--) {
                limbs[i] = (limbs[i] + 1) & 0xffffffffL;
                if (limbs[i] != 0) {
                    break;
                }
            }
        }
        if ((limbs[0] | limbs[1] | limbs[2] | limbs[3]) == 0) {
            target.set(0, 0);
            return;
        }
        int rest = Decimal38.SCALE;
        for (int step : STEPS) {
            while (rest >= step && divideExactly(limbs, POWERS[step])) {
                rest -= step;
            }
        }
        long low = (limbs[2] << 32) | limbs[3];
        if (limbs[0] != 0 || limbs[1] != 0 || low < 0) {
            // At scale 18 as it stands, or shortened: the slow way keeps this class small, and is rare.
            target.readFixed16(bytes, offset);
            target.set(target.toBigDecimal().setScale(rest));
        } else {
            target.set(negative ? -low : low, rest);
        }
    }

    /** Divides in place where nothing remains; otherwise leaves the limbs as they are. */
    private static boolean divideExactly(long[] limbs, long divisor) {
        long q0 = limbs[0] / divisor;
        long remainder = limbs[0] % divisor;
        long at = (remainder << 32) | limbs[1];
        long q1 = at / divisor;
        at = ((at % divisor) << 32) | limbs[2];
        long q2 = at / divisor;
        at = ((at % divisor) << 32) | limbs[3];
        if (at % divisor != 0) {
            return false;
        }
        limbs[0] = q0;
        limbs[1] = q1;
        limbs[2] = q2;
        limbs[3] = at / divisor;
        return true;
    }
}
