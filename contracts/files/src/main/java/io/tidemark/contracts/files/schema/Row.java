package io.tidemark.contracts.files.schema;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row, with a place for every column of the format; what a schema lacks stays absent.
 *
 * <p>Reused from row to row by one thread. Texts are UTF-8 bytes, decimals sixteen bytes at scale 18; lists of
 * decimals are those sixteen bytes one after the other, and belong to the row until the next {@link #clear}.
 */
public final class Row {
    static final int DECIMAL_BYTES = 16;

    private final boolean[] present = new boolean[EventSchema.columnCount()];
    private final long[] numbers = new long[present.length];
    private final byte[] @Nullable [] bytes = new byte[present.length][];
    private final int[] counts = new int[present.length];
    private final @Nullable List<byte[]>[] texts = lists(present.length);

    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of a generic type
    private static @Nullable List<byte[]>[] lists(int length) {
        return new List[length];
    }

    public void clear() {
        Arrays.fill(present, false);
    }

    public boolean has(Column column) {
        return present[column.index()];
    }

    /** Of INT64, INT32, TIME and DATE; a FLAG is 0 or 1. */
    public long number(Column column) {
        return numbers[column.index()];
    }

    public void number(Column column, long value) {
        present[column.index()] = true;
        numbers[column.index()] = value;
    }

    /** Of TEXT, BYTES and DECIMAL; of DECIMALS and INT64S the first {@link #count} elements. */
    public byte[] bytes(Column column) {
        byte[] value = bytes[column.index()];
        if (value == null) {
            throw new IllegalStateException("column " + column.name() + " is absent");
        }
        return value;
    }

    public void bytes(Column column, byte[] value) {
        present[column.index()] = true;
        bytes[column.index()] = value;
    }

    /** Sixteen bytes to fill with a DECIMAL. */
    public byte[] decimalSpace(Column column) {
        byte[] space = bytes[column.index()];
        if (space == null) {
            space = new byte[DECIMAL_BYTES];
            bytes[column.index()] = space;
        }
        present[column.index()] = true;
        return space;
    }

    /** The number of elements of a list. */
    public int count(Column column) {
        return column.kind() == Column.Kind.TEXTS ? texts(column).size() : counts[column.index()];
    }

    /** Starts a list without elements. */
    public void beginList(Column column) {
        present[column.index()] = true;
        counts[column.index()] = 0;
        if (bytes[column.index()] == null) {
            bytes[column.index()] = new byte[64 * DECIMAL_BYTES];
        }
    }

    /** The offset in {@link #bytes} of one more element, of {@code size} bytes. */
    public int appendSpace(Column column, int size) {
        int count = counts[column.index()]++;
        byte[] space = bytes(column);
        if (space.length < (count + 1) * size) {
            bytes[column.index()] = Arrays.copyOf(space, Math.max(space.length * 2, (count + 1) * size));
        }
        return count * size;
    }

    public List<byte[]> texts(Column column) {
        List<byte[]> value = texts[column.index()];
        if (value == null) {
            throw new IllegalStateException("column " + column.name() + " is absent");
        }
        return value;
    }

    public void texts(Column column, List<byte[]> value) {
        present[column.index()] = true;
        texts[column.index()] = value;
    }

    /** An element of INT64S. */
    public long listNumber(Column column, int index) {
        byte[] from = bytes(column);
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = (value << 8) | (from[index * Long.BYTES + i] & 0xff);
        }
        return value;
    }

    public void appendNumber(Column column, long value) {
        int offset = appendSpace(column, Long.BYTES);
        byte[] to = bytes(column);
        for (int i = 0; i < Long.BYTES; i++) {
            to[offset + i] = (byte) (value >> (56 - 8 * i));
        }
    }
}
