package io.tidemark.lake.live;

import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.lake.LakeFile.StreamRange;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.lake.events.SeenIdentities;
import io.tidemark.lake.events.SortedEvents;
import io.tidemark.lake.events.StreamKey;
import io.tidemark.lake.manifest.SealedState;
import io.tidemark.lake.parquet.LakeFileWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writes files of the tail, several hours and instruments at a time.
 *
 * <p>A file grows by being written again with what came after it, while that at least doubles it or nearly so: an
 * hour then has few files, and each event is written few times. Whoever gets a {@link Written} commits or
 * abandons it; a failure leaves nothing behind.
 */
final class LiveWriter implements AutoCloseable {
    /** Files that are not this much longer than what is to be written are written again with it. */
    private static final int GROWTH = 2;

    /** What a commit adds and takes away. */
    record Written(List<LakeFile> added, List<String> removed) {
        void abandon(Path tenantRoot) throws IOException {
            for (LakeFile file : added) {
                Files.deleteIfExists(tenantRoot.resolve(file.path()));
            }
        }
    }

    private final Path tenantRoot;
    private final LakeFileWriter.Layout layout;
    private final ExecutorService pool;

    LiveWriter(Path tenantRoot, LakeFileWriter.Layout layout, int workers) {
        this.tenantRoot = tenantRoot;
        this.layout = layout;
        this.pool = Executors.newFixedThreadPool(workers, task -> {
            Thread thread = new Thread(task, "lake-live-write");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Writes buffers into files of their hours. The buffers are not to be used again, unless closed. */
    Written write(LiveState state, Map<LiveHour, SortedEvents> buffers) throws IOException {
        Map<LiveHour, List<LakeFile>> there = new HashMap<>();
        state.files()
                .forEach(file -> there.computeIfAbsent(LiveHour.of(file), hour -> new ArrayList<>())
                        .add(file));
        List<Callable<Written>> tasks = new ArrayList<>();
        buffers.forEach((hour, buffer) ->
                tasks.add(() -> write(hour, buffer, there.getOrDefault(hour, List.of()), state.commit() + 1)));
        return all(tasks);
    }

    private Written write(LiveHour hour, SortedEvents buffer, List<LakeFile> there, long commit) throws IOException {
        List<String> removed = new ArrayList<>();
        long rows = buffer.count();
        for (LakeFile file :
                there.stream().sorted(Comparator.comparing(LakeFile::rows)).toList()) {
            if (file.rows() > GROWTH * rows || file.bytes() > layout.maxFileBytes() / 2) {
                break;
            }
            rows += file.rows();
            removed.add(file.path());
        }
        for (String path : removed) {
            try (EventFileReader reader = EventFileReader.open(tenantRoot.resolve(path))) {
                for (Envelope event = reader.next(); event != null; event = reader.next()) {
                    buffer.add(event);
                }
            }
        }
        return new Written(writeAll(hour, commit, buffer::forEach), removed);
    }

    @FunctionalInterface
    private interface Source {
        void forEach(SortedEvents.Taker taker) throws IOException;
    }

    private List<LakeFile> writeAll(LiveHour hour, long commit, Source events) throws IOException {
        LakeFileWriter writer =
                new LakeFileWriter(tenantRoot, LakePath.Part.LIVE, "-c" + commit, hour.source(), hour.symbol(), layout);
        boolean finished = false;
        try {
            events.forEach(writer::write);
            List<LakeFile> files = writer.finish();
            finished = true;
            return files;
        } finally {
            if (!finished) {
                writer.abandon();
            }
        }
    }

    /** Takes sealed events out: a file that has none but those goes, one that has some is written again without. */
    Written without(LiveState state, SealedState sealed) throws IOException {
        Map<String, SeenIdentities> bySymbol = new HashMap<>();
        List<Callable<Written>> tasks = new ArrayList<>();
        for (LakeFile file : state.files()) {
            SeenIdentities known = bySymbol.computeIfAbsent(
                    file.source() + "\n" + file.symbol(),
                    name -> identities(sealed.files(file.source(), file.symbol())));
            if (file.streams().stream().allMatch(range -> surelyHas(known, file, range))) {
                tasks.add(() -> new Written(List.of(), List.of(file.path())));
            } else if (touches(known, file)) {
                // One at a time: the identities of an instrument are shared.
                tasks.add(() -> {
                    synchronized (known) {
                        return rewrite(file, known, state.commit() + 1);
                    }
                });
            }
        }
        return all(tasks);
    }

    /** Whether a sealed lake may have any event of a file of the tail. */
    static boolean touches(SeenIdentities sealed, LakeFile file) {
        return file.streams().stream()
                .anyMatch(range -> sealed.mayHave(stream(file, range), range.first(), range.last()));
    }

    SeenIdentities identities(List<LakeFile> sealed) {
        return new SeenIdentities(sealed, file -> EventFileReader.openIdentities(tenantRoot.resolve(file.path())));
    }

    private static boolean surelyHas(SeenIdentities sealed, LakeFile file, StreamRange range) {
        return sealed.surelyHas(stream(file, range), range.first(), range.last());
    }

    private static StreamKey stream(LakeFile file, StreamRange range) {
        return new StreamKey(range.edge(), range.incarnation(), file.source(), range.channel(), file.symbol());
    }

    private Written rewrite(LakeFile file, SeenIdentities sealed, long commit) throws IOException {
        long[] left = {0};
        List<LakeFile> files = writeAll(LiveHour.of(file), commit, taker -> {
            try (EventFileReader reader = EventFileReader.open(tenantRoot.resolve(file.path()))) {
                for (Envelope event = reader.next(); event != null; event = reader.next()) {
                    StreamKey stream = StreamKey.of(event);
                    if (!sealed.contains(stream, event.getSequence())) {
                        taker.take(io.tidemark.contracts.event.Events.eventTime(event), stream, event);
                        left[0]++;
                    }
                }
            }
        });
        Written written = new Written(files, List.of(file.path()));
        if (left[0] == file.rows()) {
            // Nothing of it is sealed after all.
            written.abandon(tenantRoot);
            return new Written(List.of(), List.of());
        }
        return written;
    }

    private Written all(List<Callable<Written>> tasks) throws IOException {
        List<LakeFile> added = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        Throwable failure = null;
        List<Future<Written>> futures = new ArrayList<>();
        tasks.forEach(task -> futures.add(pool.submit(task)));
        boolean interrupted = false;
        for (Future<Written> future : futures) {
            while (true) {
                try {
                    Written written = future.get();
                    added.addAll(written.added());
                    removed.addAll(written.removed());
                    break;
                } catch (ExecutionException e) {
                    failure = e.getCause();
                    break;
                } catch (InterruptedException e) {
                    // The files of a task that still runs must not outlive this, so wait on.
                    interrupted = true;
                }
            }
        }
        Written all = new Written(added, removed);
        if (interrupted) {
            Thread.currentThread().interrupt();
            all.abandon(tenantRoot);
            throw new InterruptedIOException("writing the live tail was interrupted");
        }
        if (failure != null) {
            all.abandon(tenantRoot);
            throw failure instanceof IOException io
                    ? io
                    : new IOException("writing the live tail: " + failure, failure);
        }
        return all;
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
