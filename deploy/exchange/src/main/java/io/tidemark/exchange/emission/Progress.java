package io.tidemark.exchange.emission;

import io.tidemark.exchange.emission.Edit.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The place on a tape: the open reel, the frame at hand, and the counts of what lies behind. */
final class Progress<R extends Reel> {
    private final Tape<R> tape;
    private final Timeline timeline;
    private R reel;
    private @Nullable Frame atHand;
    private boolean ended;
    private Set<String> streams = Set.of();
    private int nextEdit;
    private long editions;
    private long raw;
    private long position;
    private long emitted;
    private long skipped;
    private long inserted;
    private long withheld;
    private long added;
    private long toWithhold;
    private long timeNanos;
    private final Map<String, Long> byKind = new TreeMap<>();

    Progress(Tape<R> tape, Timeline timeline, long emitted) throws IOException {
        this.tape = tape;
        this.timeline = timeline;
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

    /** Whether the frame at hand is one of those that positions count. */
    boolean counts(Frame frame) {
        return streams.contains(frame.stream());
    }

    /** The frame at hand is handed out. */
    void count() {
        byKind.merge(take().kind(), 1L, Long::sum);
        position++;
        noteEmitted();
    }

    /** The frame at hand is kept from the client by a fault; it counts as emitted all the same. */
    void withhold() {
        edit(new Edit(Kind.WITHHELD, raw, position, 1, List.of()));
        byKind.merge(take().kind(), 1L, Long::sum);
        withheld++;
        noteEmitted();
    }

    /** The frame at hand is wanted by nobody who counts. */
    void skip() {
        take();
        skipped++;
    }

    /** So many frames are about to be put in here. */
    void insert(long frames) {
        edit(new Edit(Kind.INSERTED, raw, position, frames, List.of()));
        inserted += frames;
        position += frames;
        noteEmitted();
    }

    /** So many frames that the venue never meant are about to be given out here. */
    void add(long frames) {
        edit(new Edit(Kind.ADDED, raw, position, frames, List.of()));
        added += frames;
        position += frames;
    }

    /** From here on positions count these streams. */
    void number(Set<String> counted) {
        if (!counted.equals(streams)) {
            edit(Edit.streams(raw, position, counted.stream().sorted().toList()));
            streams = counted;
        }
    }

    private void edit(Edit edit) {
        timeline.add(edit);
        nextEdit = timeline.size();
        editions++;
    }

    /** Changes with each edit; tells whether there are any that were not saved. */
    long editions() {
        return editions;
    }

    private void noteEmitted() {
        emitted = Math.max(emitted, position - added + withheld);
    }

    private Frame take() {
        Frame frame = atHand;
        if (frame == null) {
            throw new IllegalStateException("no frame at hand");
        }
        atHand = null;
        raw++;
        timeNanos = frame.timeNanos();
        reel.passed(frame);
        return frame;
    }

    /** Goes to what the client has; false if the tape ends before it or the process is asked to stop. */
    boolean resume(long target, BooleanSupplier stop) throws IOException {
        boolean forgot = timeline.forgetBeyond(target);
        boolean found = seek(target, forgot || target < position, stop);
        if (forgot && found) {
            emitted = position - added + withheld;
        }
        return found;
    }

    /** Goes on to a position that the timeline knows. */
    boolean seek(long target, BooleanSupplier stop) throws IOException {
        return seek(target, target < position, stop);
    }

    private boolean seek(long target, boolean anew, BooleanSupplier stop) throws IOException {
        if (anew) {
            rewind();
        }
        while (true) {
            follow();
            if (position >= target) {
                return true;
            }
            Frame frame = peek();
            if (frame == null || stop.getAsBoolean()) {
                return false;
            }
            take();
            if (!streams.contains(frame.stream())) {
                skipped++;
                continue;
            }
            byKind.merge(frame.kind(), 1L, Long::sum);
            if (toWithhold > 0) {
                toWithhold--;
                withheld++;
            } else {
                position++;
            }
            noteEmitted();
        }
    }

    /** Repeats what happened at this place. */
    private void follow() {
        while (nextEdit < timeline.size() && timeline.get(nextEdit).raw() <= raw) {
            Edit edit = timeline.get(nextEdit++);
            switch (edit.kind()) {
                case STREAMS -> streams = Set.copyOf(edit.streams());
                case INSERTED -> {
                    inserted += edit.count();
                    position += edit.count();
                }
                case ADDED -> {
                    added += edit.count();
                    position += edit.count();
                }
                case WITHHELD -> toWithhold += edit.count();
            }
        }
    }

    private void rewind() throws IOException {
        if (raw > 0 || ended) {
            reel.close();
            reel = tape.open();
        }
        atHand = null;
        ended = false;
        streams = Set.of();
        nextEdit = 0;
        raw = 0;
        position = 0;
        skipped = 0;
        inserted = 0;
        withheld = 0;
        added = 0;
        toWithhold = 0;
        timeNanos = 0;
        byKind.clear();
    }

    Set<String> streams() {
        return streams;
    }

    List<String> sortedStreams() {
        return List.copyOf(new TreeSet<>(streams));
    }

    List<Edit> edits() {
        return timeline.edits();
    }

    /** Whether not a single frame of the tape lies behind. */
    boolean atBeginning() {
        return raw == 0;
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

    long inserted() {
        return inserted;
    }

    long withheld() {
        return withheld;
    }

    long added() {
        return added;
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
