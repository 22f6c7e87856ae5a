package io.tidemark.lake.compact;

import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.files.schema.RowHash;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.lake.events.SortedEvents;
import io.tidemark.lake.events.StreamKey;
import io.tidemark.lake.manifest.DamagedLakeException;
import io.tidemark.lake.parquet.LakeFileWriter;
import io.tidemark.lake.run.ExportProgress;
import io.tidemark.lake.run.FileHash;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of an hour's small files into as few as the size allows, and proves that they are the same rows.
 *
 * <p>The inputs are hashed against their manifest and read to their end. The outputs are read back to their end.
 * Rows and row hashes of both must agree, and no event may come twice; otherwise nothing is left behind.
 */
final class HourMerge {
    private static final int STEP = 1_000;

    private final Path tenantRoot;
    private final String suffix;
    private final LakeFileWriter.Layout layout;
    private final ExportProgress progress;

    HourMerge(Path tenantRoot, long generation, LakeFileWriter.Layout layout, ExportProgress progress) {
        this.tenantRoot = tenantRoot;
        // The first event may be that of a file that is merged here, and whose name is still taken.
        this.suffix = "-g" + generation;
        this.layout = layout;
        this.progress = progress;
    }

    List<LakeFile> merge(SmallFiles hour, SortedEvents sorted) throws IOException {
        LakeFileWriter writer =
                new LakeFileWriter(tenantRoot, LakePath.Part.EVENTS, suffix, hour.source(), hour.symbol(), layout);
        boolean finished = false;
        try (sorted) {
            for (LakeFile file : hour.files()) {
                read(file, sorted);
            }
            Once once = new Once(hour);
            Steps steps = new Steps();
            sorted.forEach((time, stream, event) -> {
                once.check(time, stream, event);
                writer.write(time, stream, event);
                steps.step();
            });
            List<LakeFile> merged = writer.finish();
            prove(hour, merged);
            finished = true;
            return merged;
        } finally {
            if (!finished) {
                writer.abandon();
            }
        }
    }

    private void read(LakeFile file, SortedEvents sorted) throws IOException {
        Path path = tenantRoot.resolve(file.path());
        String sha256 = FileHash.sha256(path);
        if (!sha256.equals(file.sha256())) {
            throw new DamagedLakeException(path + ": has SHA-256 " + sha256 + ", sealed with " + file.sha256(), null);
        }
        Steps steps = new Steps();
        try (EventFileReader reader = EventFileReader.open(path)) {
            for (Envelope event = reader.next(); event != null; event = reader.next()) {
                sorted.add(event);
                steps.step();
            }
        }
    }

    private void prove(SmallFiles before, List<LakeFile> after) throws IOException {
        long rows = 0;
        for (LakeFile file : after) {
            try (EventFileReader reader = EventFileReader.open(tenantRoot.resolve(file.path()))) {
                while (reader.next() != null) {
                    rows++;
                }
            }
        }
        String was = hash(before.files());
        String is = hash(after);
        if (rows != before.rows() || !is.equals(was)) {
            throw new DamagedLakeException(
                    before.files().get(0).path() + " and others have " + before.rows() + " rows with hash " + was
                            + ", merged they had " + rows + " with hash " + is + "; they stay as they are",
                    null);
        }
    }

    private static String hash(List<LakeFile> files) {
        RowHash sum = new RowHash();
        files.forEach(file -> sum.add(file.rowHash()));
        return sum.hex();
    }

    /** Tells the progress every so many rows, and stops an interrupted run there. */
    private final class Steps {
        private int rows;

        void step() throws InterruptedIOException {
            if (++rows % STEP == 0) {
                progress.advance(STEP);
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("the compaction was interrupted");
                }
            }
        }
    }

    /** Refuses an event that stands in two files: equal events are neighbours once sorted. */
    private static final class Once {
        private final SmallFiles hour;
        private long time;
        private @Nullable StreamKey stream;
        private long sequence;

        Once(SmallFiles hour) {
            this.hour = hour;
        }

        void check(long eventTime, StreamKey key, Envelope event) throws DamagedLakeException {
            if (eventTime == time && event.getSequence() == sequence && key.equals(stream)) {
                throw new DamagedLakeException(
                        hour.files().get(0).path() + " and others hold event " + key + " " + sequence + " twice", null);
            }
            time = eventTime;
            stream = key;
            sequence = event.getSequence();
        }
    }
}
