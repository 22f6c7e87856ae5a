package io.tidemark.store.write;

import org.jspecify.annotations.Nullable;

/** A record as it came: the arrays are not copied and not changed. */
@SuppressWarnings("ArrayRecordComponent")
public record Inbound(long offset, byte @Nullable [] key, byte @Nullable [] value) {
    int size() {
        return 64 + (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
    }
}
