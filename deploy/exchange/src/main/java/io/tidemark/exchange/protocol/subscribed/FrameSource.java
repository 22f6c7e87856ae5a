package io.tidemark.exchange.protocol.subscribed;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the frames of one pass come from, in order. */
interface FrameSource extends Closeable {
    @Nullable
    Sent next() throws IOException;

    /** A text the venue sent, what it is, and when. */
    record Sent(String text, Decoded decoded, long timeNanos) {}
}
