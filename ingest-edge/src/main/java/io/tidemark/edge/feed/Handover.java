package io.tidemark.edge.feed;

import io.tidemark.contracts.proto.FrameKind;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * A younger connection that is about to take the place of one that the venue will soon close for its age.
 *
 * <p>Both deliver for a while. What comes on the younger one waits here, bounded, with the time it came; at the
 * change of place the part that the older one had delivered too is removed by the venue's ids.
 */
final class Handover {
    private static final long MOST_BYTES = 8 << 20;

    /** A message that waits. */
    record Held(FrameKind kind, byte[] bytes, long receiveTime) {}

    private final FeedConnection younger;
    private final long overlapNanos;
    private final Deque<Held> held = new ArrayDeque<>();
    private long heldBytes;
    private long firstAt;

    Handover(FeedConnection younger, long overlapNanos) {
        this.younger = younger;
        this.overlapNanos = overlapNanos;
    }

    FeedConnection younger() {
        return younger;
    }

    /** {@code now} by the monotonic clock. */
    void hold(FrameKind kind, byte[] bytes, int length, long receiveTime, long now) {
        if (held.isEmpty()) {
            firstAt = now;
        }
        held.addLast(new Held(kind, Arrays.copyOf(bytes, length), receiveTime));
        heldBytes += length;
    }

    /** Both have delivered long enough side by side, or no more may wait. */
    boolean isDue(long now) {
        return younger.isOpen() && !held.isEmpty() && (now - firstAt >= overlapNanos || heldBytes > MOST_BYTES);
    }

    /** Hands everything over, in order. */
    void release(Consumer<Held> taker) {
        for (Held one = held.pollFirst(); one != null; one = held.pollFirst()) {
            taker.accept(one);
        }
        heldBytes = 0;
    }
}
