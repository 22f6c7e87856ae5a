package io.tidemark.contracts.files.write;

import io.tidemark.contracts.files.Codecs;
import io.tidemark.contracts.files.schema.Column;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.schema.Row;
import io.tidemark.contracts.files.write.WriteOptions.Codec;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Rows in a Parquet file, with the settings that the format fixes. */
final class ParquetRows implements RowOutput {
    private final ParquetWriter<Row> parquet;

    ParquetRows(
            HashedOutput output, EventSchema schema, WriteOptions options, Supplier<Map<String, String>> finalMetadata)
            throws IOException {
        parquet = new Builder(output, schema, finalMetadata).with(options);
    }

    @Override
    public void write(Row row) throws IOException {
        parquet.write(row);
    }

    @Override
    public long size() {
        return parquet.getDataSize();
    }

    @Override
    public void finish() throws IOException {
        parquet.close();
    }

    private static final class Builder extends ParquetWriter.Builder<Row, Builder> {
        private final EventSchema schema;
        private final Supplier<Map<String, String>> finalMetadata;

        Builder(HashedOutput output, EventSchema schema, Supplier<Map<String, String>> finalMetadata) {
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
