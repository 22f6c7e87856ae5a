package io.tidemark.contracts.files.write;

import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.files.Codecs;
import io.tidemark.contracts.files.schema.Column;
import io.tidemark.contracts.files.schema.EventRows;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.schema.Row;
import io.tidemark.contracts.files.schema.RowHash;
import io.tidemark.contracts.files.write.WriteOptions.Codec;
import io.tidemark.contracts.proto.Envelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Writes one event file: a segment's partition at the edge, or a sealed file of the lake.
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

    private final Path file;
    private final EventSchema schema;
    private final HashedOutput output;
    private final ParquetWriter<Row> parquet;
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
        this.output = new HashedOutput(file);
        ParquetWriter<Row> writer;
        try {
            writer = new Builder(output, schema, this::finalMetadata).with(options);
        } catch (IOException | RuntimeException e) {
            output.abandon();
            Files.deleteIfExists(file);
            throw e;
        }
        this.parquet = writer;
    }

    /** The file must not exist yet; its folder must. */
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
        parquet.write(row);
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
        return parquet.getDataSize();
    }

    private Map<String, String> finalMetadata() {
        return Map.of(ROWS_KEY, Long.toString(rows), ROW_HASH_KEY, hash.hex());
    }

    /** Writes the footer and syncs the file. Afterwards only {@link #close} may be called. */
    public FileSummary finish() throws IOException {
        parquet.close();
        long bytes = output.getPos();
        String sha256 = output.syncAndClose();
        closed = true;
        return new FileSummary(
                rows, bytes, sha256, hash.hex(), minEventTime, maxEventTime, minReceiveTime, maxReceiveTime);
    }

    /** Does nothing after {@link #finish}; otherwise deletes the file. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            output.abandon();
            Files.deleteIfExists(file);
        }
    }

    private static final class Builder extends ParquetWriter.Builder<Row, Builder> {
        private final EventSchema schema;
        private final java.util.function.Supplier<Map<String, String>> finalMetadata;

        Builder(
                HashedOutput output,
                EventSchema schema,
                java.util.function.Supplier<Map<String, String>> finalMetadata) {
            super(output);
            this.schema = schema;
            this.finalMetadata = finalMetadata;
        }

        ParquetWriter<Row> with(WriteOptions options) throws IOException {
            boolean zstd = options.codec() == Codec.ZSTD;
            int pageBytes = Math.max(32 << 10, Math.min(1 << 20, options.rowGroupBytes() / 16));
            withConf(new PlainParquetConfiguration());
            withCodecFactory(new Codecs(zstd ? options.level() : 3));
            withCompressionCodec(zstd ? CompressionCodecName.ZSTD : CompressionCodecName.SNAPPY);
            // Version 1 pages and encodings: every reader knows them, also those that lag behind.
            withWriterVersion(WriterVersion.PARQUET_1_0);
            withRowGroupSize((long) options.rowGroupBytes());
            withRowGroupRowCountLimit(WriteOptions.ROW_GROUP_ROWS);
            withPageSize(pageBytes);
            withDictionaryPageSize(pageBytes);
            withPageWriteChecksumEnabled(true);
            withBloomFilterEnabled(false);
            withSizeStatisticsEnabled(false);
            withMaxPaddingSize(0);
            withValidation(false);
            // How often Parquet looks at its memory, in rows: a single frame may have megabytes.
            boolean large = schema.message().containsField("payload");
            withMinRowCountForPageSizeCheck(1);
            withMaxRowCountForPageSizeCheck(large ? 1 : 100);
            for (Column column : schema.columns()) {
                if (!column.kind().isList() && !isRepetitive(column)) {
                    withDictionaryEncoding(column.name(), false);
                }
            }
            if (large) {
                withStatisticsEnabled("payload", false);
            }
            return build();
        }

        /** Only texts of which there are few are worth a dictionary's memory. */
        private static boolean isRepetitive(Column column) {
            return switch (column.kind()) {
                case TEXT ->
                    switch (column.name()) {
                        case "trade_id", "item_id", "title", "link", "summary", "detail", "request", "accession" ->
                            false;
                        default -> true;
                    };
                case INT32, DATE -> true;
                case INT64 -> column.name().equals("incarnation");
                default -> false;
            };
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<Row> getWriteSupport(Configuration conf) {
            return new RowWriteSupport(schema, finalMetadata);
        }

        @Override
        protected WriteSupport<Row> getWriteSupport(ParquetConfiguration conf) {
            return new RowWriteSupport(schema, finalMetadata);
        }
    }
}
