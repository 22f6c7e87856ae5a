package io.tidemark.edge.book;

import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Spells levels of a book as their venue did, for its checksum. Reused; allocates only while it grows.
 */
public final class LevelText {
    private static final byte[] TENS = new byte[100];
    private static final byte[] ONES = new byte[100];

    static {
        for (int i = 0; i < 100; i++) {
            TENS[i] = (byte) ('0' + i / 10);
            ONES[i] = (byte) ('0' + i % 10);
        }
    }

    private final byte[] digits = new byte[20];
    private byte[] text = new byte[256];
    private int length;

    public void clear() {
        length = 0;
    }

    public void put(char c) {
        room(1);
        text[length++] = (byte) c;
    }

    /** Price and size without points and leading zeros: 0.0510 and 0.00000500 are 510500. */
    public void bareLevel(BookSide side, int index) {
        bare(side.priceDigits(index), 0);
        bare(side.sizeDigits(index), side.sizeZeros(index));
    }

    /**
     * The same with zeros appended up to these scales, for a venue that leaves out zeros at the end but counts them.
     */
    public void bareLevel(BookSide side, int index, int priceScale, int sizeScale) {
        bare(side.priceDigits(index), Math.max(0, priceScale - side.priceScale(index)));
        bare(side.sizeDigits(index), side.sizeZeros(index) + Math.max(0, sizeScale - side.sizeScale(index)));
    }

    private void bare(long number, int zeros) {
        int from = write(number);
        int count = digits.length - from;
        room(count + zeros);
        System.arraycopy(digits, from, text, length, count);
        length += count;
        zeros(zeros);
    }

    /** Price and size with their points: {@code 30261.5:215}. */
    public void level(BookSide side, int index, char between) {
        plain(side.priceDigits(index), 0, side.priceScale(index));
        put(between);
        plain(side.sizeDigits(index), side.sizeZeros(index), side.sizeScale(index));
    }

    /** {@code scale}: of the number with its zeros. */
    private void plain(long number, int zeros, int scale) {
        int from = write(number);
        int count = digits.length - from;
        int whole = count + zeros - scale;
        room(count + zeros + scale + 2);
        if (scale == 0) {
            System.arraycopy(digits, from, text, length, count);
            length += count;
            zeros(zeros);
            return;
        }
        int start = length;
        if (whole <= 0) {
            zeros(1 - whole);
        }
        System.arraycopy(digits, from, text, length, count);
        length += count;
        zeros(zeros);
        int point = start + Math.max(1, whole);
        System.arraycopy(text, point, text, point + 1, length - point);
        text[point] = '.';
        length++;
    }

    private void zeros(int count) {
        Arrays.fill(text, length, length + count, (byte) '0');
        length += count;
    }

    /** Writes to the end of {@code digits} and says where it begins. */
    private int write(long number) {
        int at = digits.length;
        long rest = number;
        while (rest >= 100) {
            long next = rest / 100;
            int pair = (int) (rest - next * 100);
            digits[--at] = ONES[pair];
            digits[--at] = TENS[pair];
            rest = next;
        }
        if (rest >= 10) {
            digits[--at] = ONES[(int) rest];
            digits[--at] = TENS[(int) rest];
        } else {
            digits[--at] = (byte) ('0' + rest);
        }
        return at;
    }

    private void room(int more) {
        if (text.length - length < more) {
            text = Arrays.copyOf(text, Math.max(text.length * 2, length + more));
        }
    }

    public void addTo(CRC32 crc) {
        crc.update(text, 0, length);
    }

    @Override
    public String toString() {
        return new String(text, 0, length, java.nio.charset.StandardCharsets.US_ASCII);
    }
}
