package io.tidemark.contracts.files.write;

import io.tidemark.contracts.files.Codecs;
import io.tidemark.contracts.files.schema.CoverageRow;
import io.tidemark.contracts.files.schema.CoverageSchema;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.write.WriteOptions.Codec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * Writes one coverage file, of a row per alert. The same rows give the same bytes on every machine.
 *
 * <p>Nothing is readable before {@link #finish}; {@link #close} without it deletes what was begun.
 */
public final class CoverageFileWriter implements AutoCloseable {
    private final Path file;
    private final HashedOutput output;
    private final ParquetWriter<CoverageRow> parquet;
    private boolean closed;

    /** What a finished coverage file is. */
    public record Summary(long bytes, String sha256) {}

    private CoverageFileWriter(Path file, List<String> own, WriteOptions options) throws IOException {
        this.file = file;
        this.output = new HashedOutput(file);
        try {
            this.parquet = new Builder(output, CoverageSchema.withColumns(own), options).build();
        } catch (IOException | RuntimeException e) {
            output.abandon();
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** @param own names of the alerts' own columns, as {@link CoverageRow#more} has them */
    public static CoverageFileWriter open(Path file, List<String> own, WriteOptions options) throws IOException {
        return new CoverageFileWriter(file, own, options);
    }

    public void write(CoverageRow row) throws IOException {
        parquet.write(row);
    }

    public Summary finish() throws IOException {
        parquet.close();
        long bytes = output.getPos();
        String sha256 = output.syncAndClose();
        closed = true;
        return new Summary(bytes, sha256);
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            output.abandon();
            Files.deleteIfExists(file);
        }
    }

    private static final class Builder extends ParquetWriter.Builder<CoverageRow, Builder> {
        private final MessageType schema;

        Builder(HashedOutput output, MessageType schema, WriteOptions options) {
            super(output);
            this.schema = schema;
            boolean zstd = options.codec() == Codec.ZSTD;
            withConf(new PlainParquetConfiguration());
            withCodecFactory(new Codecs(zstd ? options.level() : 3));
            withCompressionCodec(zstd ? CompressionCodecName.ZSTD : CompressionCodecName.SNAPPY);
            withWriterVersion(WriterVersion.PARQUET_1_0);
            withRowGroupRowCountLimit(WriteOptions.ROW_GROUP_ROWS);
            withRowGroupSize((long) options.rowGroupBytes());
            withPageWriteChecksumEnabled(true);
            withBloomFilterEnabled(false);
            withSizeStatisticsEnabled(false);
            withMaxPaddingSize(0);
            withMinRowCountForPageSizeCheck(1);
            withMaxRowCountForPageSizeCheck(100);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<CoverageRow> getWriteSupport(Configuration conf) {
            return new Support(schema);
        }

        @Override
        protected WriteSupport<CoverageRow> getWriteSupport(ParquetConfiguration conf) {
            return new Support(schema);
        }
    }

    private static final class Support extends WriteSupport<CoverageRow> {
        private final MessageType schema;
        private RecordConsumer out;
        private int field;

        @SuppressWarnings("NullAway.Init") // Parquet calls prepareForWrite before the first row
        Support(MessageType schema) {
            this.schema = schema;
        }

        @Override
        public String getName() {
            return "tidemark";
        }

        @Override
        public WriteContext init(Configuration configuration) {
            return context();
        }

        @Override
        public WriteContext init(ParquetConfiguration configuration) {
            return context();
        }

        private WriteContext context() {
            return new WriteContext(schema, Map.of(EventSchema.METADATA_KEY, CoverageSchema.NAME));
        }

        @Override
        public void prepareForWrite(RecordConsumer recordConsumer) {
            out = recordConsumer;
        }

        private void put(String value) {
            out.startField(schema.getFieldName(field), field);
            out.addBinary(Binary.fromString(value));
            out.endField(schema.getFieldName(field), field++);
        }

        private void put(long value) {
            put(out, schema.getFieldName(field), field++, value);
        }

        private static void put(RecordConsumer out, String name, int place, long value) {
            out.startField(name, place);
            out.addLong(value);
            out.endField(name, place);
        }

        @Override
        public void write(CoverageRow row) {
            field = 0;
            out.startMessage();
            put(row.alertId());
            put(row.source());
            put(row.symbol());
            put(row.tsMs());
            put(row.timeframe());
            put(row.bucket());
            put(row.fromMs());
            put(row.toMs());
            put(row.expected());
            put(row.found());
            out.startField("ratio", field);
            out.addDouble(row.ratio());
            out.endField("ratio", field++);
            gaps(row.gaps());
            optional(row.reason());
            row.more().forEach(this::optional);
            out.endMessage();
        }

        private void optional(@Nullable String value) {
            if (value == null) {
                field++;
            } else {
                put(value);
            }
        }

        private void gaps(List<CoverageRow.Gap> gaps) {
            out.startField("gaps", field);
            out.startGroup();
            if (!gaps.isEmpty()) {
                out.startField("list", 0);
                for (CoverageRow.Gap gap : gaps) {
                    out.startGroup();
                    out.startField("element", 0);
                    out.startGroup();
                    put(out, "from_ms", 0, gap.fromMs());
                    put(out, "to_ms", 1, gap.toMs());
                    put(out, "missing", 2, gap.missing());
                    out.endGroup();
                    out.endField("element", 0);
                    out.endGroup();
                }
                out.endField("list", 0);
            }
            out.endGroup();
            out.endField("gaps", field++);
        }
    }
}
