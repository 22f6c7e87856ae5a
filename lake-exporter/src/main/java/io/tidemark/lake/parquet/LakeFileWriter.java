package io.tidemark.lake.parquet;

import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.write.EventFileWriter;
import io.tidemark.contracts.files.write.FileSummary;
import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.lake.LakeFile.StreamRange;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.segment.PathText;
import io.tidemark.contracts.segment.SegmentPath;
import io.tidemark.lake.events.StreamKey;
import io.tidemark.lake.manifest.Folders;
import io.tidemark.lake.manifest.ManifestSeal;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the sorted events of one source and symbol into files of their event hours.
 *
 * <p>A file has its name only when it is whole and synced; nobody sees it before a manifest names it. Names come
 * from the first event's time and identity, so the same events give the same names. Whoever gives up calls
 * {@link #abandon}; after a crash {@link ManifestSeal#removeLeftovers} does it. Used by one thread.
 */
public final class LakeFileWriter {
    /**
     * How files are cut and encoded.
     *
     * @param maxFileBytes a file is closed at the first batch's end beyond this
     * @param batch events between two looks at the size
     */
    public record Layout(WriteOptions options, long maxFileBytes, int batch) {}

    private static final class Range {
        private long first = Long.MAX_VALUE;
        private long last = Long.MIN_VALUE;
        private long count;

        void add(long sequence) {
            first = Math.min(first, sequence);
            last = Math.max(last, sequence);
            count++;
        }
    }

    private final Path tenantRoot;
    private final LakePath.Part part;
    private final String suffix;
    private final String source;
    private final String symbol;
    private final Layout layout;
    private final List<LakeFile> files = new ArrayList<>();
    private final Set<Path> folders = new LinkedHashSet<>();
    private final Map<StreamKey, Range> ranges = new TreeMap<>();
    private @Nullable EventFileWriter writer;
    private String path = "";
    private Instant hour = Instant.EPOCH;
    private Path temporary;
    private int inBatch;
    private long batchBytes;

    /** Writes sealed files. */
    public LakeFileWriter(Path tenantRoot, String source, String symbol, Layout layout) {
        this(tenantRoot, LakePath.Part.EVENTS, "", source, symbol, layout);
    }

    /** @param suffix of names; needed where another file may begin with the same event */
    public LakeFileWriter(
            Path tenantRoot, LakePath.Part part, String suffix, String source, String symbol, Layout layout) {
        this.tenantRoot = tenantRoot;
        this.part = part;
        this.suffix = suffix;
        this.source = source;
        this.symbol = symbol;
        this.layout = layout;
        this.temporary = tenantRoot;
    }

    /** The next event in the order of event time and identity. */
    public void write(long eventTime, StreamKey stream, Envelope event) throws IOException {
        Instant eventHour = SegmentPath.hourOf(eventTime);
        EventFileWriter open = writer;
        if (open != null && !eventHour.equals(hour)) {
            closeFile();
            open = null;
        }
        if (open == null) {
            open = openFile(eventHour, eventTime, stream, event.getSequence());
        }
        open.write(event);
        ranges.computeIfAbsent(stream, key -> new Range()).add(event.getSequence());
        batchBytes += event.getSerializedSize();
        // Book snapshots are large: a batch of them may be a file of its own.
        if (++inBatch >= layout.batch() || batchBytes >= layout.maxFileBytes()) {
            inBatch = 0;
            batchBytes = 0;
            if (open.size() >= layout.maxFileBytes()) {
                closeFile();
            }
        }
    }

    private EventFileWriter openFile(Instant eventHour, long eventTime, StreamKey stream, long sequence)
            throws IOException {
        hour = eventHour;
        String folder = part.hour(source, symbol, eventHour);
        String name = String.format(
                "%019d_%s_%d_%s_%d%s.parquet",
                eventTime, PathText.encode(stream.edge()), stream.incarnation(), stream.channel(), sequence, suffix);
        path = folder + "/" + name;
        Path directory = tenantRoot.resolve(folder);
        Folders.create(directory);
        folders.add(directory);
        temporary = directory.resolve("." + name + ManifestSeal.TEMPORARY);
        inBatch = 0;
        batchBytes = 0;
        ranges.clear();
        EventFileWriter opened = EventFileWriter.open(temporary, EventSchema.LAKE, layout.options());
        writer = opened;
        return opened;
    }

    private void closeFile() throws IOException {
        EventFileWriter open = writer;
        if (open == null) {
            return;
        }
        FileSummary summary = open.finish();
        writer = null;
        Path target = tenantRoot.resolve(path);
        if (Files.exists(target)) {
            Files.delete(temporary);
            throw new FileAlreadyExistsException(
                    target.toString(), null, "an event file of this name is there already");
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        List<StreamRange> streams = new ArrayList<>();
        ranges.forEach((stream, range) -> streams.add(new StreamRange(
                stream.edge(), stream.incarnation(), stream.channel(), range.first, range.last, range.count)));
        files.add(new LakeFile(
                path,
                source,
                symbol,
                hour,
                summary.sha256(),
                summary.bytes(),
                summary.rows(),
                summary.rowHash(),
                summary.minEventTime(),
                summary.maxEventTime(),
                streams));
    }

    /** Closes the last file and makes all names durable. */
    public List<LakeFile> finish() throws IOException {
        closeFile();
        for (Path folder : folders) {
            Folders.sync(folder);
        }
        return List.copyOf(files);
    }

    /** Deletes all that was written. */
    public void abandon() throws IOException {
        EventFileWriter open = writer;
        if (open != null) {
            writer = null;
            open.close();
        }
        for (LakeFile file : files) {
            Files.deleteIfExists(tenantRoot.resolve(file.path()));
        }
    }
}
