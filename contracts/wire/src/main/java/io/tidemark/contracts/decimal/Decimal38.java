package io.tidemark.contracts.decimal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An exact decimal that fits {@code decimal(38,18)}: a coefficient and a scale, as the venue spelled them.
 *
 * <p>Mutable so that a parser can reuse one per field; not thread-safe. Trailing zeros are kept, exponents
 * are resolved, and more than 18 decimals are accepted only where those beyond are zeros. Values up to 18
 * digits never leave a {@code long}; wider ones use a {@link BigInteger}.
 *
 * <p>On the wire: one byte of scale, then the coefficient in two's complement, big-endian, in as few bytes
 * as hold it. In files: sixteen bytes, two's complement, big-endian, at scale 18.
 */
public final class Decimal38 implements Comparable<Decimal38> {
    /** Decimals behind the point in files, Arrow and PostgreSQL. */
    public static final int SCALE = 18;

    public static final int PRECISION = 38;
    /** Longest wire form: the scale and 128 bits. */
    public static final int MAX_WIRE_BYTES = 17;

    static final BigInteger LIMIT = BigInteger.TEN.pow(PRECISION);
    private static final int MAX_TEXT = 200;
    private static final int FAST_DIGITS = 18;
    private static final long[] POWERS = new long[19];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    /** What became of a text. Only {@link #EXACT} leaves a value. */
    public enum Outcome {
        EXACT,
        /** Empty text: the venue gave no number. */
        ABSENT,
        /** Not a number: NaN, Infinity, letters, two points. */
        MALFORMED,
        /** More than 18 decimals that are not zeros. */
        TOO_PRECISE,
        /** More than 20 digits in front of the point. */
        TOO_LARGE
    }

    private long small;
    private @Nullable BigInteger wide;
    private int scale;

    /** Zero. */
    public Decimal38() {}

    /** Throws {@link IllegalArgumentException} naming the text and what is wrong with it. */
    public static Decimal38 of(String text) {
        Decimal38 value = new Decimal38();
        Outcome outcome = value.parse(text);
        if (outcome != Outcome.EXACT) {
            throw new IllegalArgumentException("not an exact decimal(38,18): \"" + text + "\" (" + outcome + ")");
        }
        return value;
    }

    public static Decimal38 of(long coefficient, int scale) {
        Decimal38 value = new Decimal38();
        value.set(coefficient, scale);
        return value;
    }

    /** The value of a wire field; throws {@link IllegalArgumentException} when the bytes are none. */
    public static Decimal38 ofWire(byte[] bytes) {
        Decimal38 value = new Decimal38();
        value.readWire(bytes, 0, bytes.length);
        return value;
    }

    public void set(long coefficient, int newScale) {
        if (newScale < 0 || newScale > SCALE) {
            throw new IllegalArgumentException("scale " + newScale + " is outside 0.." + SCALE);
        }
        small = coefficient;
        wide = null;
        scale = newScale;
    }

    public void set(Decimal38 other) {
        small = other.small;
        wide = other.wide;
        scale = other.scale;
    }

    public int scale() {
        return scale;
    }

    /** Whether the coefficient fits a {@code long}. */
    public boolean isSmall() {
        return wide == null;
    }

    /** The coefficient where {@link #isSmall()}. */
    public long smallCoefficient() {
        if (wide != null) {
            throw new ArithmeticException("the coefficient " + wide + " does not fit 64 bits");
        }
        return small;
    }

    public BigInteger coefficient() {
        return wide == null ? BigInteger.valueOf(small) : wide;
    }

    public int signum() {
        return wide == null ? Long.signum(small) : wide.signum();
    }

    public Outcome parse(CharSequence text) {
        int length = text.length();
        if (length == 0) {
            return Outcome.ABSENT;
        }
        int i = 0;
        boolean negative = false;
        char first = text.charAt(0);
        if (first == '-' || first == '+') {
            negative = first == '-';
            i = 1;
        }
        long value = 0;
        int digits = 0;
        int point = -1;
        for (; i < length; i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                value = value * 10 + (c - '0');
                if (++digits > FAST_DIGITS) {
                    return parseSlowly(text.toString());
                }
            } else if (c == '.' && point < 0) {
                point = digits;
            } else {
                return parseSlowly(text.toString());
            }
        }
        return finishFast(negative, value, digits, point);
    }

    /** The same for a part of a character buffer, without making a text of it. */
    public Outcome parse(char[] text, int offset, int length) {
        if (length == 0) {
            return Outcome.ABSENT;
        }
        int i = offset;
        int end = offset + length;
        boolean negative = false;
        char first = text[i];
        if (first == '-' || first == '+') {
            negative = first == '-';
            i++;
        }
        long value = 0;
        int digits = 0;
        int point = -1;
        for (; i < end; i++) {
            char c = text[i];
            if (c >= '0' && c <= '9') {
                value = value * 10 + (c - '0');
                if (++digits > FAST_DIGITS) {
                    return parseSlowly(new String(text, offset, length));
                }
            } else if (c == '.' && point < 0) {
                point = digits;
            } else {
                return parseSlowly(new String(text, offset, length));
            }
        }
        return finishFast(negative, value, digits, point);
    }

    private Outcome finishFast(boolean negative, long value, int digits, int point) {
        if (digits == 0) {
            return Outcome.MALFORMED;
        }
        set(negative ? -value : value, point < 0 ? 0 : digits - point);
        return Outcome.EXACT;
    }

    private Outcome parseSlowly(String text) {
        if (text.length() > MAX_TEXT) {
            return Outcome.MALFORMED;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // BigDecimal takes every script's digits; a venue means ASCII.
            if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
                return Outcome.MALFORMED;
            }
        }
        BigDecimal exact;
        try {
            exact = new BigDecimal(text);
        } catch (NumberFormatException e) {
            return Outcome.MALFORMED;
        }
        return set(exact);
    }

    /** Takes an exact value; anything but {@link Outcome#EXACT} leaves this unchanged. */
    public Outcome set(BigDecimal exact) {
        if (exact.signum() == 0) {
            set(0, Math.max(0, Math.min(SCALE, exact.scale())));
            return Outcome.EXACT;
        }
        // Before any rescaling: 1E+999999999 must not become a billion digits.
        if ((long) exact.precision() - exact.scale() > PRECISION - SCALE) {
            return Outcome.TOO_LARGE;
        }
        BigDecimal value = exact;
        if (value.scale() < 0) {
            value = value.setScale(0);
        } else if (value.scale() > SCALE) {
            value = value.stripTrailingZeros();
            if (value.scale() > SCALE) {
                return Outcome.TOO_PRECISE;
            }
            value = value.setScale(SCALE);
        }
        setWide(value.unscaledValue(), value.scale());
        return Outcome.EXACT;
    }

    private void setWide(BigInteger coefficient, int newScale) {
        scale = newScale;
        if (coefficient.bitLength() < Long.SIZE) {
            small = coefficient.longValue();
            wide = null;
        } else {
            small = 0;
            wide = coefficient;
        }
    }

    /** Adds exactly; throws {@link ArithmeticException} when the sum does not fit decimal(38,18). */
    public void add(Decimal38 other) {
        if (wide == null && other.wide == null) {
            int common = Math.max(scale, other.scale);
            long left = scaledUp(small, common - scale);
            long right = scaledUp(other.small, common - other.scale);
            long sum = left + right;
            boolean overflow = ((left ^ sum) & (right ^ sum)) < 0;
            if (left != Long.MIN_VALUE && right != Long.MIN_VALUE && !overflow && sum != Long.MIN_VALUE) {
                small = sum;
                scale = common;
                return;
            }
        }
        if (set(toBigDecimal().add(other.toBigDecimal())) != Outcome.EXACT) {
            throw new ArithmeticException("a sum does not fit decimal(38,18)");
        }
    }

    /** {@code Long.MIN_VALUE} stands for "does not fit". */
    private static long scaledUp(long value, int digits) {
        long high = Math.multiplyHigh(value, POWERS[digits]);
        long low = value * POWERS[digits];
        return (high == 0 && low >= 0) || (high == -1 && low < 0) ? low : Long.MIN_VALUE;
    }

    /** Writes the wire form and returns its length. */
    public int writeWire(byte[] target, int offset) {
        target[offset] = (byte) scale;
        if (wide != null) {
            byte[] bytes = wide.toByteArray();
            System.arraycopy(bytes, 0, target, offset + 1, bytes.length);
            return 1 + bytes.length;
        }
        return 1 + writeMinimal(small, target, offset + 1);
    }

    private static int writeMinimal(long value, byte[] target, int offset) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(value ^ (value >> 63)) + 1;
        int bytes = (bits + 7) >>> 3;
        for (int i = 0; i < bytes; i++) {
            target[offset + i] = (byte) (value >> ((bytes - 1 - i) << 3));
        }
        return bytes;
    }

    public byte[] toWire() {
        byte[] bytes = new byte[MAX_WIRE_BYTES];
        return Arrays.copyOf(bytes, writeWire(bytes, 0));
    }

    public void readWire(byte[] bytes, int offset, int length) {
        if (length < 2 || length > MAX_WIRE_BYTES) {
            throw new IllegalArgumentException("a decimal has 2 to " + MAX_WIRE_BYTES + " bytes, not " + length);
        }
        int newScale = bytes[offset];
        if (newScale < 0 || newScale > SCALE) {
            throw new IllegalArgumentException("a decimal's scale is 0 to " + SCALE + ", not " + newScale);
        }
        if (length <= 9) {
            long value = bytes[offset + 1];
            for (int i = 2; i < length; i++) {
                value = (value << 8) | (bytes[offset + i] & 0xff);
            }
            set(value, newScale);
            return;
        }
        BigInteger coefficient = new BigInteger(bytes, offset + 1, length - 1);
        if (coefficient.abs().compareTo(LIMIT) >= 0
                || new BigDecimal(coefficient, newScale).precision() - newScale > PRECISION - SCALE) {
            throw new IllegalArgumentException("a decimal of " + length + " bytes does not fit decimal(38,18)");
        }
        setWide(coefficient, newScale);
    }

    /** Sixteen bytes, two's complement, big-endian, at scale 18: what Parquet holds. */
    public void writeFixed16(byte[] target, int offset) {
        if (wide == null) {
            long factor = POWERS[SCALE - scale];
            writeLong(Math.multiplyHigh(small, factor), target, offset);
            writeLong(small * factor, target, offset + 8);
            return;
        }
        BigInteger value = wide.multiply(BigInteger.valueOf(POWERS[SCALE - scale]));
        byte[] bytes = value.toByteArray();
        Arrays.fill(target, offset, offset + 16 - bytes.length, (byte) (value.signum() < 0 ? -1 : 0));
        System.arraycopy(bytes, 0, target, offset + 16 - bytes.length, bytes.length);
    }

    /** Reads what {@link #writeFixed16} wrote: the same value at scale 18. */
    public void readFixed16(byte[] bytes, int offset) {
        long high = readLong(bytes, offset);
        long low = readLong(bytes, offset + 8);
        if (high == (low >> 63)) {
            set(low, SCALE);
        } else {
            setWide(new BigInteger(bytes, offset, 16), SCALE);
        }
    }

    private static void writeLong(long value, byte[] target, int offset) {
        for (int i = 0; i < 8; i++) {
            target[offset + i] = (byte) (value >> (56 - 8 * i));
        }
    }

    private static long readLong(byte[] bytes, int offset) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = (value << 8) | (bytes[offset + i] & 0xff);
        }
        return value;
    }

    public BigDecimal toBigDecimal() {
        return wide == null ? BigDecimal.valueOf(small, scale) : new BigDecimal(wide, scale);
    }

    /** By value: 1.0 and 1.00 compare equal. */
    @Override
    public int compareTo(Decimal38 other) {
        if (wide == null && other.wide == null && scale == other.scale) {
            return Long.compare(small, other.small);
        }
        return toBigDecimal().compareTo(other.toBigDecimal());
    }

    /** By value, like {@link #compareTo}. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Decimal38 decimal && compareTo(decimal) == 0;
    }

    @Override
    public int hashCode() {
        return toBigDecimal().stripTrailingZeros().hashCode();
    }

    /** Plain digits with the spelling's trailing zeros. */
    @Override
    public String toString() {
        return toBigDecimal().toPlainString();
    }
}
