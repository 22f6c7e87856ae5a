package io.tidemark.contracts.files.write;

import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.files.Ndjson;
import io.tidemark.contracts.files.schema.EventRows;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.schema.Row;
import io.tidemark.contracts.files.schema.RowHash;
import io.tidemark.contracts.proto.Envelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes one event file: a segment's partition at the edge, or a sealed file of the lake.
 *
 * <p>A name that ends in {@code .ndjson.zst} gives lines of JSON, any other Parquet.
 *
 * <p>The same events in the same order with the same options give the same bytes on every machine: nothing of
 * clock, host or path goes into a file. Nothing is readable before {@link #finish}, which writes the footer
 * and syncs the file; renaming it and syncing its folder is the caller's. {@link #close} without a finish
 * deletes what was begun. Memory is bounded by {@link WriteOptions#rowGroupBytes}, one row more, and a few
 * tens of kilobytes. Not thread-safe.
 */
public final class EventFileWriter implements AutoCloseable {
    /** Keys of the file's own metadata, checked by the reader. */
    public static final String ROWS_KEY = "tidemark.rows";

    public static final String ROW_HASH_KEY = "tidemark.row-hash";

    private static final int NDJSON_LEVEL = 3;

    private final Path file;
    private final EventSchema schema;
    private final HashedOutput bytes;
    private final RowOutput output;
    private final EventRows events = new EventRows();
    private final Row row = new Row();
    private final RowHash hash = new RowHash();
    private long rows;
    private long minEventTime = Long.MAX_VALUE;
    private long maxEventTime = Long.MIN_VALUE;
    private long minReceiveTime = Long.MAX_VALUE;
    private long maxReceiveTime = Long.MIN_VALUE;
    private boolean closed;

    private EventFileWriter(Path file, EventSchema schema, WriteOptions options) throws IOException {
        this.file = file;
        this.schema = schema;
        this.bytes = new HashedOutput(file);
        RowOutput opened;
        try {
            opened = Ndjson.is(file)
                    ? new NdjsonRows(
                            bytes,
                            schema,
                            options.codec() == WriteOptions.Codec.ZSTD ? options.level() : NDJSON_LEVEL,
                            this::finalMetadata)
                    : new ParquetRows(bytes, schema, options, this::finalMetadata);
        } catch (IOException | RuntimeException e) {
            bytes.abandon();
            Files.deleteIfExists(file);
            throw e;
        }
        this.output = opened;
    }

    /** The file must not exist yet; its folder must. Its name decides the format. */
    public static EventFileWriter open(Path file, EventSchema schema, WriteOptions options) throws IOException {
        return new EventFileWriter(file, schema, options);
    }

    /** Names and versions of the libraries that decide a file's bytes. */
    public static Map<String, String> versions() {
        return Map.of(
                "parquet", org.apache.parquet.Version.VERSION_NUMBER,
                "zstd-jni", com.github.luben.zstd.util.ZstdVersion.VERSION);
    }

    /**
     * Adds one event. An event that the schema cannot hold is refused with {@link IllegalArgumentException}
     * that names it, the row it would have had and why; the file is as before and takes further events.
     */
    public void write(Envelope event) throws IOException {
        try {
            Channel kind = Channel.of(event.getChannel());
            boolean fits = schema.isLake() ? kind != Channel.FRAMES : schema == EventSchema.raw(event.getChannel());
            if (!fits) {
                throw new IllegalArgumentException(
                        "no place for channel " + event.getChannel() + " in " + schema.name());
            }
            events.read(event, row);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    file + ", row " + rows + ": event " + Identity.of(event) + ": " + e.getMessage(), e);
        }
        hash.add(row);
        output.write(row);
        rows++;
        long eventTime = Events.eventTime(event);
        minEventTime = Math.min(minEventTime, eventTime);
        maxEventTime = Math.max(maxEventTime, eventTime);
        minReceiveTime = Math.min(minReceiveTime, event.getReceiveTime());
        maxReceiveTime = Math.max(maxReceiveTime, event.getReceiveTime());
    }

    public long rows() {
        return rows;
    }

    /** About how long the file would be if it were finished now; what is still buffered counts uncompressed. */
    public long size() {
        return output.size();
    }

    private Map<String, String> finalMetadata() {
        return Map.of(ROWS_KEY, Long.toString(rows), ROW_HASH_KEY, hash.hex());
    }

    /** Writes the footer and syncs the file. Afterwards only {@link #close} may be called. */
    public FileSummary finish() throws IOException {
        output.finish();
        long length = bytes.getPos();
        String sha256 = bytes.syncAndClose();
        closed = true;
        return new FileSummary(
                rows, length, sha256, hash.hex(), minEventTime, maxEventTime, minReceiveTime, maxReceiveTime);
    }

    /** Does nothing after {@link #finish}; otherwise deletes the file. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            bytes.abandon();
            Files.deleteIfExists(file);
        }
    }
}
