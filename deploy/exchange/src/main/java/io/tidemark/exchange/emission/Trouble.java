package io.tidemark.exchange.emission;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One fault that strikes before a frame is handed out, and what came of it. Made by a {@link
 * Disturbance}, carried out by the emission.
 */
public final class Trouble {
    public enum Kind {
        /** Nothing is sent for {@code amount} nanoseconds although the connection stands. */
        MUTE,
        /** The next {@code amount} frames are not sent. */
        SKIP,
        /** The frame is sent {@code amount} times more. */
        DUPLICATE,
        /** The frame is sent after its successor. */
        REORDER,
        /** {@code amount} frames of rubbish are sent first. */
        GARBAGE,
        /** Half of the frame is sent and the line cut. */
        HALF_FRAME,
        /** A frame of {@code amount} bytes is sent first. */
        HUGE_FRAME,
        /** The line is cut without a word. */
        DISCONNECT,
        /** The connection is closed in order, as venues do after 24 hours. */
        CLOSE,
        /** For {@code amount} nanoseconds frames are sent as fast as they are taken. */
        FLOOD
    }

    private final Kind kind;
    private final long amount;
    private final AtomicLong withheld = new AtomicLong();
    private final AtomicLong added = new AtomicLong();

    public Trouble(Kind kind, long amount) {
        this.kind = kind;
        this.amount = amount;
    }

    public Kind kind() {
        return kind;
    }

    public long amount() {
        return amount;
    }

    void withheld(long frames) {
        withheld.addAndGet(frames);
    }

    void added(long frames) {
        added.addAndGet(frames);
    }

    /** Frames it kept from clients, when it struck; a client that resumes may have got them after all. */
    public long withheld() {
        return withheld.get();
    }

    /** Frames it gave to clients beyond what the venue meant. */
    public long added() {
        return added.get();
    }
}
