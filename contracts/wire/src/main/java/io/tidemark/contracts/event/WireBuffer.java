package io.tidemark.contracts.event;

import io.tidemark.contracts.decimal.Decimal38;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes protobuf fields into one growing array, without an object per message.
 *
 * <p>Follows the protobuf encoding specification; a test holds it
 * against the generated classes.
 */
final class WireBuffer {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;

    private static final int USUAL = 4096;
    /** After a message of megabytes the array is let go. */
    private static final int KEPT = 512 << 10;

    private byte[] bytes = new byte[USUAL];
    private int length;

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
        if (bytes.length > KEPT) {
            bytes = new byte[USUAL];
        }
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(length, more)));
        }
    }

    void raw(byte[] source, int offset, int count) {
        room(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    void varint(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    private void tag(int field, int type) {
        varint(((long) field << 3) | type);
    }

    /** Leaves out zero, as proto3 does for a field without presence. */
    void varintField(int field, long value) {
        if (value != 0) {
            presentVarintField(field, value);
        }
    }

    void presentVarintField(int field, long value) {
        tag(field, VARINT);
        varint(value);
    }

    void presentSignedField(int field, long value) {
        presentVarintField(field, (value << 1) ^ (value >> 63));
    }

    void flagField(int field, boolean value) {
        varintField(field, value ? 1 : 0);
    }

    void presentFixedField(int field, long value) {
        tag(field, FIXED64);
        room(8);
        for (int i = 0; i < 8; i++) {
            bytes[length++] = (byte) (value >>> (8 * i));
        }
    }

    void fixedField(int field, long value) {
        if (value != 0) {
            presentFixedField(field, value);
        }
    }

    void decimalField(int field, Decimal38 value) {
        tag(field, LENGTH);
        room(1 + Decimal38.MAX_WIRE_BYTES);
        int written = value.writeWire(bytes, length + 1);
        bytes[length] = (byte) written;
        length += 1 + written;
    }

    void bytesField(int field, byte[] source, int offset, int count) {
        if (count > 0) {
            tag(field, LENGTH);
            varint(count);
            raw(source, offset, count);
        }
    }

    /** ASCII is written without a copy; other text is encoded first. */
    void textField(int field, CharSequence text) {
        int chars = text.length();
        if (chars == 0) {
            return;
        }
        for (int i = 0; i < chars; i++) {
            if (text.charAt(i) >= 0x80) {
                byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
                bytesField(field, utf8, 0, utf8.length);
                return;
            }
        }
        tag(field, LENGTH);
        varint(chars);
        room(chars);
        for (int i = 0; i < chars; i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
    }

    /** Packed sint64. */
    void packedField(int field, long[] values, int count) {
        if (count == 0) {
            return;
        }
        int size = 0;
        for (int i = 0; i < count; i++) {
            size += varintSize((values[i] << 1) ^ (values[i] >> 63));
        }
        tag(field, LENGTH);
        varint(size);
        for (int i = 0; i < count; i++) {
            varint((values[i] << 1) ^ (values[i] >> 63));
        }
    }

    static int varintSize(long value) {
        return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + 6) / 7;
    }

    /** The tag and length of a message field whose body of {@code size} bytes follows. */
    void messageHeader(int field, int size) {
        tag(field, LENGTH);
        varint(size);
    }

    /** Opens a message field and returns where its body begins; {@link #close} puts the length in front. */
    int open(int field) {
        tag(field, LENGTH);
        return length;
    }

    void close(int start) {
        int body = length - start;
        int prefix = varintSize(body);
        room(prefix);
        System.arraycopy(bytes, start, bytes, start + prefix, body);
        length = start;
        varint(body);
        length += body;
    }
}
