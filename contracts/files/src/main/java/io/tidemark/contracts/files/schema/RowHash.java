package io.tidemark.contracts.files.schema;

import io.tidemark.contracts.files.schema.Column.Kind;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * A hash of a set of rows that does not depend on their order, on the schema or on how a file is encoded.
 *
 * <p>A row's hash is the SHA-256 of its canonical bytes: for each present column by rising field id (the two
 * columns {@code event_time} and {@code event_time_is_receive_time}, which only repeat others, left out) the
 * id as a varint, then the value: numbers, times, dates and flags as eight bytes big-endian, decimals as
 * sixteen bytes at scale 18, texts and bytes with their length as a varint in front, lists with their number
 * of elements as a varint in front. The hash of a set is the sum of its rows' hashes modulo 2^256, in hex: so
 * the hashes of raw files add up to the hash of the lake files made from them, repeats aside.
 *
 * <p>Not thread-safe.
 */
public final class RowHash {
    private static final int BYTES = 32;
    private static final List<Column> BY_ID = EventSchema.allColumns().stream()
            .filter(column -> !column.name().startsWith("event_time"))
            .sorted(Comparator.comparingInt(Column::id))
            .toList();

    private final MessageDigest sha256;
    private final byte[] digest = new byte[BYTES];
    private final long[] sum = new long[BYTES / 4];
    private byte[] row = new byte[1024];
    private int length;

    public RowHash() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public void add(Row value) {
        encode(value);
        sha256.update(row, 0, length);
        try {
            sha256.digest(digest, 0, BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 has 32 bytes", e);
        }
        add(digest);
    }

    /** Adds the hash of another set. Throws {@link IllegalArgumentException} when the text is none. */
    public void add(String hex) {
        byte[] other = HexFormat.of().parseHex(hex);
        if (other.length != BYTES) {
            throw new IllegalArgumentException("a row hash has " + BYTES + " bytes: " + hex);
        }
        add(other);
    }

    private void add(byte[] bigEndian) {
        long carry = 0;
        for (int limb = sum.length - 1; limb >= 0; limb--) {
            long word = 0;
            for (int i = 0; i < 4; i++) {
                word = (word << 8) | (bigEndian[limb * 4 + i] & 0xff);
            }
            long total = sum[limb] + word + carry;
            sum[limb] = total & 0xffffffffL;
            carry = total >>> 32;
        }
    }

    /** The hash of all rows so far. */
    public String hex() {
        StringBuilder out = new StringBuilder(2 * BYTES);
        for (long limb : sum) {
            out.append(String.format("%08x", limb));
        }
        return out.toString();
    }

    /** The canonical bytes of a row: equal for rows that are equal by value, and only for those. */
    public byte[] canonical(Row value) {
        encode(value);
        return Arrays.copyOf(row, length);
    }

    private void encode(Row value) {
        length = 0;
        for (Column column : BY_ID) {
            if (value.has(column)) {
                varint(column.id());
                encode(value, column);
            }
        }
    }

    private void encode(Row value, Column column) {
        switch (column.kind()) {
            case INT64, INT32, TIME, DATE, FLAG -> number(value.number(column));
            case DECIMAL -> raw(value.bytes(column), Row.DECIMAL_BYTES);
            case TEXT, BYTES -> {
                byte[] bytes = value.bytes(column);
                varint(bytes.length);
                raw(bytes, bytes.length);
            }
            case DECIMALS, INT64S -> {
                int count = value.count(column);
                varint(count);
                raw(value.bytes(column), count * (column.kind() == Kind.DECIMALS ? Row.DECIMAL_BYTES : Long.BYTES));
            }
            case TEXTS -> {
                List<byte[]> texts = value.texts(column);
                varint(texts.size());
                for (byte[] text : texts) {
                    varint(text.length);
                    raw(text, text.length);
                }
            }
        }
    }

    private void room(int more) {
        if (row.length - length < more) {
            row = Arrays.copyOf(row, Math.max(row.length * 2, Math.addExact(length, more)));
        }
    }

    private void raw(byte[] bytes, int count) {
        room(count);
        System.arraycopy(bytes, 0, row, length, count);
        length += count;
    }

    private void varint(int value) {
        room(5);
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            row[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        row[length++] = (byte) rest;
    }

    private void number(long value) {
        room(Long.BYTES);
        for (int i = 0; i < Long.BYTES; i++) {
            row[length++] = (byte) (value >> (56 - 8 * i));
        }
    }
}
