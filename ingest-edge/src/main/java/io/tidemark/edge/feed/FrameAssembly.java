package io.tidemark.edge.feed;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.util.Arrays;

/**
 * One message put together of its WebSocket frames, in a reused array.
 *
 * <p>After an unusually large message the array is given back.
 */
final class FrameAssembly {
    private static final int KEPT = 256 << 10;

    private final int limit;
    private byte[] bytes = new byte[16 << 10];
    private int length;
    private boolean text;
    private boolean open;

    FrameAssembly(int limit) {
        this.limit = limit;
    }

    /** Whether the message is whole now. */
    boolean add(WebSocketFrame frame) {
        if (frame.isText() || frame.isBinary()) {
            length = 0;
            text = frame.isText();
            open = true;
        } else if (!frame.isContinuation() || !open) {
            return false;
        }
        Buffer data = frame.binaryData();
        int more = data.length();
        if (more > limit - length) {
            // The client enforces the same limit before; this keeps the array bounded in any case.
            open = false;
            length = 0;
            return false;
        }
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, Math.min(limit, bytes.length * 2)));
        }
        data.getBytes(0, more, bytes, length);
        length += more;
        if (frame.isFinal()) {
            open = false;
            return true;
        }
        return false;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    boolean isText() {
        return text;
    }

    void reset() {
        length = 0;
        open = false;
        if (bytes.length > KEPT) {
            bytes = new byte[16 << 10];
        }
    }
}
