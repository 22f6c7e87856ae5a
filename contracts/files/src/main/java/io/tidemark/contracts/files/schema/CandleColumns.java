package io.tidemark.contracts.files.schema;

import io.tidemark.contracts.decimal.Decimal38;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Candles of any number of series, column by column: times in microseconds, numbers as sixteen bytes at scale 18.
 *
 * <p>Filled either row by row ({@link #add}) or with a file's own pages, which are not copied. Not thread-safe.
 */
public final class CandleColumns {
    private static final int WIDTH = CandleSchema.NUMBER_BYTES;

    private final byte[][] numbers = new byte[CandleSchema.NUMBERS][];
    private final int[] offsets = new int[CandleSchema.NUMBERS];
    private final @Nullable BitSet[] nulls = new @Nullable BitSet[CandleSchema.NUMBERS];
    private long[] times;
    private int rows;

    /** Empty, with room for so many rows; grows beyond it. */
    public CandleColumns(int capacity) {
        times = new long[capacity];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = new byte[capacity * WIDTH];
        }
    }

    /** Of times whose numbers follow by {@link #put}. */
    public CandleColumns(long[] times) {
        this.times = times;
        this.rows = times.length;
        Arrays.fill(numbers, new byte[0]);
    }

    /** Gives a whole column: row {@code i}'s number stands at {@code offset + 16 i}. */
    public void put(int number, byte[] bytes, int offset, @Nullable BitSet absent) {
        numbers[number] = bytes;
        offsets[number] = offset;
        nulls[number] = absent;
    }

    public void clear() {
        rows = 0;
        Arrays.fill(nulls, null);
    }

    /** Adds one row without numbers; they follow by {@link #set}, and are absent until then. */
    public void add(long micros) {
        if (rows == times.length) {
            int room = Math.max(16, rows * 2);
            times = Arrays.copyOf(times, room);
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Arrays.copyOf(numbers[i], room * WIDTH);
            }
        }
        times[rows++] = micros;
        for (int i = 0; i < numbers.length; i++) {
            absent(i).set(rows - 1);
        }
    }

    private BitSet absent(int number) {
        BitSet absent = nulls[number];
        if (absent == null) {
            absent = new BitSet();
            nulls[number] = absent;
        }
        return absent;
    }

    /** A number of the row that was added last. */
    public void set(int number, Decimal38 value) {
        value.writeFixed16(numbers[number], (rows - 1) * WIDTH);
        absent(number).clear(rows - 1);
    }

    public int rows() {
        return rows;
    }

    public long time(int row) {
        return times[row];
    }

    /** The array behind {@link #time}; its first {@link #rows} elements count. */
    public long[] times() {
        return times;
    }

    public byte[] bytes(int number) {
        return numbers[number];
    }

    /** Where a row's number stands in {@link #bytes}. */
    public int at(int number, int row) {
        return offsets[number] + row * WIDTH;
    }

    public boolean isNull(int number, int row) {
        BitSet absent = nulls[number];
        return absent != null && absent.get(row);
    }

    /** Whether any of the rows lacks the number. */
    public boolean hasNulls(int number, int from, int to) {
        BitSet absent = nulls[number];
        if (absent == null) {
            return false;
        }
        int first = absent.nextSetBit(from);
        return first >= 0 && first < to;
    }
}
