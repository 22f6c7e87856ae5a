package io.tidemark.exchange.emission;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The place on a tape: the open reel, the frame at hand, and the counts of what lies behind. */
final class Progress<R extends Reel> {
    private final Tape<R> tape;
    private R reel;
    private @Nullable Frame atHand;
    private boolean ended;
    private Set<String> numbering = Set.of();
    private long position;
    private long emitted;
    private long skipped;
    private long timeNanos;
    private final Map<String, Long> byKind = new TreeMap<>();

    Progress(Tape<R> tape, long emitted) throws IOException {
        this.tape = tape;
        this.emitted = emitted;
        this.reel = tape.open();
    }

    R reel() {
        return reel;
    }

    /** The frame that comes next, or null at the end. */
    @Nullable
    Frame peek() throws IOException {
        if (atHand == null && !ended) {
            atHand = reel.next();
            ended = atHand == null;
        }
        return atHand;
    }

    /** The frame at hand is handed out. */
    void count() {
        Frame frame = take();
        position++;
        emitted = Math.max(emitted, position);
        byKind.merge(frame.kind(), 1L, Long::sum);
    }

    /** The frame at hand is wanted by nobody. */
    void skip() {
        take();
        skipped++;
    }

    private Frame take() {
        Frame frame = atHand;
        if (frame == null) {
            throw new IllegalStateException("no frame at hand");
        }
        atHand = null;
        timeNanos = frame.timeNanos();
        reel.passed(frame);
        return frame;
    }

    /** Declares what positions are counted over; only at the beginning. */
    void number(Set<String> streams) {
        numbering = streams;
    }

    /** Goes to a position counted over these streams; false if the tape ends before it or asked to stop. */
    boolean seek(long target, Set<String> streams, BooleanSupplier stop) throws IOException {
        if (target < position || !streams.equals(numbering)) {
            numbering = streams;
            if (position + skipped > 0) {
                reel.close();
                reel = tape.open();
                atHand = null;
                ended = false;
                position = 0;
                skipped = 0;
                timeNanos = 0;
                byKind.clear();
            }
        }
        while (position < target) {
            Frame frame = peek();
            if (frame == null || stop.getAsBoolean()) {
                return false;
            }
            if (streams.contains(frame.stream())) {
                count();
            } else {
                skip();
            }
        }
        return true;
    }

    Set<String> numbering() {
        return numbering;
    }

    long position() {
        return position;
    }

    long emitted() {
        return emitted;
    }

    long skipped() {
        return skipped;
    }

    long timeNanos() {
        return timeNanos;
    }

    Map<String, Long> byKind() {
        return Map.copyOf(byKind);
    }

    void close() {
        try {
            reel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
