package io.tidemark.lake.live;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.files.schema.EventRows;
import io.tidemark.contracts.files.schema.Row;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.segment.SegmentPath;
import io.tidemark.lake.events.SeenIdentities;
import io.tidemark.lake.events.SortedEvents;
import io.tidemark.lake.events.StreamKey;
import io.tidemark.lake.manifest.SealedLake;
import io.tidemark.lake.manifest.SealedState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What was consumed and is not sealed: events in memory, files, and the offsets that belong to them.
 *
 * <p>Files are written and synced first, then one state names them together with the offsets. Killed at any moment
 * it goes on from the last state: what came after is read again, and its files are removed. An event that comes
 * again, or that is sealed already, is left out by its identity. After any failure call {@link #reset} and read
 * again from {@link #offsets}. Used by one thread; {@link #state} by any.
 */
final class LiveTail {
    /**
     * @param keep how long events stay that nobody seals
     * @param grace how long replaced files stay
     * @param memory bytes of events in memory before they are written
     */
    record Limits(Duration keep, Duration grace, long memory) {}

    private record Replaced(Path file, Instant since) {}

    private final Path tenantRoot;
    private final String tenant;
    private final SealedLake sealed;
    private final LiveFolder folder;
    private final LiveWriter writer;
    private final Limits limits;
    private final InstantSource clock;
    private final EventRows rows = new EventRows();
    private final Row row = new Row();
    private final TreeMap<LiveHour, SortedEvents> buffers = new TreeMap<>();
    private final Map<String, SeenIdentities> seen = new HashMap<>();
    private final Map<String, Long> positions = new HashMap<>();
    private final Deque<Replaced> replaced = new ArrayDeque<>();
    private SealedState base;
    private volatile LiveState state;
    private long sorts;
    private long taken;
    private long repeats;
    private long rejected;

    /** Reads the last state, removes what it does not name, and leaves out what was sealed meanwhile. */
    LiveTail(Path tenantRoot, String tenant, SealedLake sealed, LiveWriter writer, Limits limits, InstantSource clock)
            throws IOException {
        this.tenantRoot = tenantRoot;
        this.tenant = tenant;
        this.sealed = sealed;
        this.folder = new LiveFolder(tenantRoot);
        this.writer = writer;
        this.limits = limits;
        this.clock = clock;
        LiveState last = folder.load();
        List<LakeFile> there = last.files().stream()
                .filter(file -> Files.exists(tenantRoot.resolve(file.path())))
                .toList();
        if (there.size() < last.files().size()) {
            // Somebody took files away; their events are read again as far as Kafka has them.
            last = new LiveState(last.commit(), last.epoch(), last.generation(), there, Map.of());
        }
        folder.clean(last);
        this.base = sealed.current();
        LiveState begun =
                new LiveState(last.commit() + 1, last.epoch() + 1, last.generation(), last.files(), last.offsets());
        folder.save(begun);
        this.state = begun;
        reconcile();
    }

    LiveState state() {
        return state;
    }

    /** The next offsets to read, by {@code <topic>-<partition>}. */
    Map<String, Long> offsets() {
        Map<String, Long> next = new HashMap<>(state.offsets());
        next.putAll(positions);
        return next;
    }

    /** Takes what a partition delivered, up to but not including the offset {@code next}. */
    void take(String partition, long next, List<Envelope> events) throws IOException {
        for (Envelope event : events) {
            take(event);
        }
        positions.put(partition, next);
    }

    private void take(Envelope event) throws IOException {
        if (!event.getTenant().equals(tenant)) {
            rejected++;
            return;
        }
        try {
            rows.read(event, row);
        } catch (IllegalArgumentException e) {
            // The store-writer sends it to the dead letters; the segments have it.
            rejected++;
            return;
        }
        StreamKey stream = StreamKey.of(event);
        if (!seen(stream).add(stream, event.getSequence())) {
            repeats++;
            return;
        }
        LiveHour hour = new LiveHour(event.getSource(), event.getSymbol(), SegmentPath.hourOf(Events.eventTime(event)));
        SortedEvents buffer = buffers.get(hour);
        if (buffer == null) {
            buffer = new SortedEvents(folder.work(), "live-" + sorts++, limits.memory());
            buffers.put(hour, buffer);
        }
        buffer.add(event);
        taken++;
    }

    private SeenIdentities seen(StreamKey stream) {
        return seen.computeIfAbsent(stream.source() + "\n" + stream.symbol(), name -> {
            List<LakeFile> files = new ArrayList<>(base.files(stream.source(), stream.symbol()));
            state.files().stream()
                    .filter(file -> file.source().equals(stream.source())
                            && file.symbol().equals(stream.symbol()))
                    .forEach(files::add);
            return identities(files);
        });
    }

    private SeenIdentities identities(List<LakeFile> files) {
        return new SeenIdentities(
                files,
                file -> io.tidemark.contracts.files.read.EventFileReader.openIdentities(
                        tenantRoot.resolve(file.path())));
    }

    /** Estimated bytes of the events in memory. */
    long memory() {
        return buffers.values().stream().mapToLong(SortedEvents::memory).sum();
    }

    boolean isFull() {
        return memory() >= limits.memory();
    }

    boolean isDirty() {
        return !positions.isEmpty();
    }

    /** Writes what is in memory and commits it with its offsets. */
    void flush() throws IOException {
        if (!isDirty()) {
            return;
        }
        LiveWriter.Written written = writer.write(state, buffers);
        Map<String, Long> offsets = offsets();
        commit(written, state.generation(), offsets);
        for (SortedEvents buffer : buffers.values()) {
            buffer.close();
        }
        buffers.clear();
        positions.clear();
    }

    private void commit(LiveWriter.Written written, long generation, Map<String, Long> offsets) throws IOException {
        Set<String> gone = new HashSet<>(written.removed());
        List<LakeFile> files = new ArrayList<>(state.files().stream()
                .filter(file -> !gone.contains(file.path()))
                .toList());
        files.addAll(written.added());
        LiveState next = new LiveState(state.commit() + 1, state.epoch(), generation, files, offsets);
        try {
            folder.save(next);
        } catch (IOException e) {
            if (folder.load().commit() != next.commit()) {
                written.abandon(tenantRoot);
            }
            throw e;
        }
        state = next;
        Instant now = clock.instant();
        gone.forEach(path -> replaced.add(new Replaced(tenantRoot.resolve(path), now)));
    }

    /** Takes out what was sealed since the last time: whole files, and of others the sealed events. */
    void reconcile() throws IOException {
        SealedState now = sealed.current();
        if (now.generation() == state.generation()) {
            base = now;
            return;
        }
        flush();
        commit(writer.without(state, now), now.generation(), state.offsets());
        base = now;
        seen.clear();
    }

    /** Forgets what was not committed. */
    void reset() throws IOException {
        for (SortedEvents buffer : buffers.values()) {
            buffer.close();
        }
        buffers.clear();
        positions.clear();
        seen.clear();
    }

    /** Deletes replaced files that nobody reads any more, and lets go of what is too old. */
    void tidy() throws IOException {
        Instant now = clock.instant();
        while (!replaced.isEmpty()
                && replaced.peek().since().plus(limits.grace()).isBefore(now)) {
            Files.deleteIfExists(replaced.remove().file());
        }
        List<String> old = new ArrayList<>();
        for (LakeFile file : state.files()) {
            Path path = tenantRoot.resolve(file.path());
            if (Files.getLastModifiedTime(path).toInstant().plus(limits.keep()).isBefore(now)) {
                old.add(file.path());
            }
        }
        if (!old.isEmpty()) {
            commit(new LiveWriter.Written(List.of(), old), state.generation(), state.offsets());
        }
    }

    /** Counts since the start: events taken, left out as repeats, and refused. */
    record Counts(long taken, long repeats, long rejected) {}

    Counts counts() {
        return new Counts(taken, repeats, rejected);
    }
}
