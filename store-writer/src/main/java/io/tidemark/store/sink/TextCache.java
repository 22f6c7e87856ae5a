package io.tidemark.store.sink;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Names that come again and again, from their UTF-8 bytes to one text each. Thread-safe and bounded: a name
 * replaces the one that had its place.
 */
final class TextCache {
    private static final int PLACES = 4_096;
    private static final int LONGEST = 64;

    @SuppressWarnings("ArrayRecordComponent")
    private record Entry(byte[] bytes, String text) {}

    private final AtomicReferenceArray<@Nullable Entry> places = new AtomicReferenceArray<>(PLACES);

    /** Null when the bytes are no UTF-8. */
    @Nullable
    String text(byte[] bytes, int from, int length) {
        if (length == 0) {
            return "";
        }
        if (length > LONGEST) {
            return decode(bytes, from, length);
        }
        int hash = 1;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        int place = (hash ^ hash >>> 15) & PLACES - 1;
        Entry entry = places.get(place);
        if (entry != null && Arrays.equals(entry.bytes, 0, entry.bytes.length, bytes, from, from + length)) {
            return entry.text;
        }
        String text = decode(bytes, from, length);
        if (text != null) {
            places.set(place, new Entry(Arrays.copyOfRange(bytes, from, from + length), text));
        }
        return text;
    }

    private static @Nullable String decode(byte[] bytes, int from, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
