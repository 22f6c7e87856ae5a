package io.tidemark.lake.events;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sorts events by event time and then identity, in bounded memory: what does not fit is sorted in runs on disk
 * and merged.
 *
 * <p>First all {@link #add}, then {@link #forEach} once. Runs are private to this process and thrown away; they
 * are neither synced nor checked, because a crash throws the whole export away. Used by one thread.
 */
public final class SortedEvents implements AutoCloseable {
    /** What an event costs beside its bytes: the record, the array's header, the list's place. */
    private static final int OVERHEAD = 96;
    /** Runs that are merged at a time; each has a read buffer. */
    static final int MAX_RUNS = 64;

    private static final int BUFFER = 32 << 10;

    private static final class Entry implements Comparable<Entry> {
        private final long time;
        private final StreamKey stream;
        private final long sequence;
        private final byte[] bytes;

        Entry(long time, StreamKey stream, long sequence, byte[] bytes) {
            this.time = time;
            this.stream = stream;
            this.sequence = sequence;
            this.bytes = bytes;
        }

        @Override
        public int compareTo(Entry other) {
            int order = Long.compare(time, other.time);
            if (order == 0) {
                order = stream.compareTo(other.stream);
            }
            return order == 0 ? Long.compare(sequence, other.sequence) : order;
        }
    }

    /** Takes the events in order. */
    @FunctionalInterface
    public interface Taker {
        void take(long eventTime, StreamKey stream, Envelope event) throws IOException;
    }

    private final Path folder;
    private final String name;
    private final long memoryLimit;
    private final List<StreamKey> streams = new ArrayList<>();
    private final Map<StreamKey, Integer> streamNumbers = new HashMap<>();
    private final List<Path> runs = new ArrayList<>();
    private List<Entry> buffer = new ArrayList<>();
    private long buffered;
    private int runNumber;
    private long count;

    /**
     * @param folder for runs; must exist
     * @param name of this sort, unique in the folder
     * @param memoryLimit bytes held in memory before a run is written
     */
    public SortedEvents(Path folder, String name, long memoryLimit) {
        this.folder = folder;
        this.name = name;
        this.memoryLimit = memoryLimit;
    }

    public void add(Envelope event) throws IOException {
        StreamKey stream = intern(StreamKey.of(event));
        byte[] bytes = event.toByteArray();
        buffer.add(new Entry(Events.eventTime(event), stream, event.getSequence(), bytes));
        buffered += bytes.length + OVERHEAD;
        count++;
        if (buffered > memoryLimit) {
            spill();
        }
    }

    public long count() {
        return count;
    }

    /** Bytes that it holds in memory, estimated. */
    public long memory() {
        return buffered;
    }

    int runs() {
        return runNumber;
    }

    private StreamKey intern(StreamKey stream) {
        Integer number = streamNumbers.get(stream);
        if (number != null) {
            return streams.get(number);
        }
        streamNumbers.put(stream, streams.size());
        streams.add(stream);
        return stream;
    }

    private void spill() throws IOException {
        buffer.sort(Comparator.naturalOrder());
        try (RunWriter run = new RunWriter(newRun())) {
            for (Entry entry : buffer) {
                run.write(entry);
            }
        }
        buffer = new ArrayList<>();
        buffered = 0;
        if (runs.size() == MAX_RUNS) {
            List<Path> merged = List.copyOf(runs);
            runs.clear();
            try (RunWriter run = new RunWriter(newRun())) {
                merge(merged, List.of(), run::write);
            }
            for (Path old : merged) {
                Files.delete(old);
            }
        }
    }

    private Path newRun() {
        Path run = folder.resolve(name + "-" + runNumber++ + ".run");
        runs.add(run);
        return run;
    }

    /** Hands out all events in order; afterwards nothing may be added. */
    public void forEach(Taker taker) throws IOException {
        buffer.sort(Comparator.naturalOrder());
        merge(runs, buffer, entry -> taker.take(entry.time, entry.stream, parse(entry.bytes)));
    }

    private static Envelope parse(byte[] bytes) throws InvalidProtocolBufferException {
        return Envelope.parseFrom(bytes);
    }

    @FunctionalInterface
    private interface EntryTaker {
        void take(Entry entry) throws IOException;
    }

    private void merge(List<Path> files, List<Entry> last, EntryTaker taker) throws IOException {
        List<RunReader> readers = new ArrayList<>();
        try {
            PriorityQueue<Head> heads = new PriorityQueue<>();
            for (Path file : files) {
                RunReader reader = new RunReader(file);
                readers.add(reader);
                offer(heads, reader);
            }
            java.util.Iterator<Entry> rest = last.iterator();
            offer(heads, () -> rest.hasNext() ? rest.next() : null);
            for (Head head = heads.poll(); head != null; head = heads.poll()) {
                taker.take(head.entry());
                offer(heads, head.from());
            }
        } finally {
            for (RunReader reader : readers) {
                reader.close();
            }
        }
    }

    private static void offer(PriorityQueue<Head> heads, Entries from) throws IOException {
        Entry next = from.next();
        if (next != null) {
            heads.add(new Head(next, from));
        }
    }

    @FunctionalInterface
    private interface Entries {
        @Nullable
        Entry next() throws IOException;
    }

    private record Head(Entry entry, Entries from) implements Comparable<Head> {
        @Override
        public int compareTo(Head other) {
            return entry.compareTo(other.entry);
        }
    }

    @Override
    public void close() throws IOException {
        buffer = new ArrayList<>();
        for (Path run : runs) {
            Files.deleteIfExists(run);
        }
    }

    private final class RunWriter implements AutoCloseable {
        private final DataOutputStream out;

        RunWriter(Path file) throws IOException {
            out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER));
        }

        void write(Entry entry) throws IOException {
            Integer stream = streamNumbers.get(entry.stream);
            out.writeInt(stream == null ? -1 : stream);
            out.writeLong(entry.time);
            out.writeLong(entry.sequence);
            out.writeInt(entry.bytes.length);
            out.write(entry.bytes);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    private final class RunReader implements Entries, AutoCloseable {
        private final DataInputStream in;

        RunReader(Path file) throws IOException {
            in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER));
        }

        @Override
        public @Nullable Entry next() throws IOException {
            int stream;
            try {
                stream = in.readInt();
            } catch (EOFException e) {
                return null;
            }
            long time = in.readLong();
            long sequence = in.readLong();
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            return new Entry(time, streams.get(stream), sequence, bytes);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
