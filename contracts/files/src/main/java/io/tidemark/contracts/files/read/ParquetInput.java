package io.tidemark.contracts.files.read;

import io.tidemark.contracts.files.Codecs;
import io.tidemark.contracts.files.schema.Column;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.schema.Row;
import io.tidemark.contracts.files.write.EventFileWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/** Rows of a Parquet file, one row group in memory. */
final class ParquetInput implements RowInput {
    private final ParquetFileReader parquet;
    private final EventSchema schema;
    private final long rows;
    private final String rowHash;
    private final List<Column> columns;
    private final MessageColumnIO columnIo;
    private @Nullable RecordReader<Row> group;
    private long groupRowsLeft;

    /** {@code only}: the columns that are read; empty for all. */
    ParquetInput(Path file, Set<String> only) throws IOException {
        this.parquet = open(file);
        try {
            Map<String, String> metadata = parquet.getFileMetaData().getKeyValueMetaData();
            String name = metadata.get(EventSchema.METADATA_KEY);
            if (name == null) {
                throw new IOException("no event file of Tidemark");
            }
            this.schema = EventSchema.named(name);
            MessageType fileSchema = parquet.getFileMetaData().getSchema();
            if (!fileSchema.equals(schema.message())) {
                throw new IOException("its columns are not those of " + name);
            }
            this.rows = Long.parseLong(String.valueOf(metadata.get(EventFileWriter.ROWS_KEY)));
            this.rowHash = String.valueOf(metadata.get(EventFileWriter.ROW_HASH_KEY));
            if (rows != parquet.getRecordCount()) {
                throw new IOException("its row groups have " + parquet.getRecordCount() + " rows, not " + rows);
            }
            PageCheck.check(file, parquet.getRowGroups());
            this.columns = only.isEmpty()
                    ? schema.columns()
                    : schema.columns().stream()
                            .filter(column -> only.contains(column.name()))
                            .toList();
            List<Type> fields = new ArrayList<>();
            columns.forEach(column -> fields.add(fileSchema.getType(column.name())));
            MessageType requested = new MessageType(fileSchema.getName(), fields);
            parquet.setRequestedSchema(requested);
            this.columnIo = new ColumnIOFactory().getColumnIO(requested, fileSchema);
        } catch (IOException | RuntimeException e) {
            parquet.close();
            throw e;
        }
    }

    private static ParquetFileReader open(Path file) throws IOException {
        return ParquetFileReader.open(
                new LocalInputFile(file),
                ParquetReadOptions.builder(new PlainParquetConfiguration())
                        .withCodecFactory(Codecs.READING)
                        .usePageChecksumVerification(true)
                        .withUseHadoopVectoredIo(false)
                        .build());
    }

    /** See {@link EventFileReader#openTimes}. */
    static long[] openTimes(Path file) throws IOException {
        long[] bounds = {Long.MAX_VALUE, Long.MIN_VALUE};
        try (ParquetFileReader parquet = open(file)) {
            for (BlockMetaData group : parquet.getRowGroups()) {
                for (ColumnChunkMetaData chunk : group.getColumns()) {
                    if (chunk.getPath().toDotString().equals("open_time")) {
                        if (!(chunk.getStatistics() instanceof LongStatistics times) || times.isEmpty()) {
                            return new long[] {Long.MIN_VALUE, Long.MAX_VALUE};
                        }
                        if (times.hasNonNullValue()) {
                            bounds[0] = Math.min(bounds[0], times.getMin());
                            bounds[1] = Math.max(bounds[1], times.getMax());
                        }
                    }
                }
            }
        }
        return bounds;
    }

    @Override
    public EventSchema schema() {
        return schema;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public String rowHash() {
        return rowHash;
    }

    @Override
    public @Nullable Row next() throws IOException {
        while (groupRowsLeft == 0) {
            PageReadStore pages = parquet.readNextRowGroup();
            if (pages == null) {
                return null;
            }
            groupRowsLeft = pages.getRowCount();
            group = columnIo.getRecordReader(pages, new RowMaterializer(columns));
        }
        RecordReader<Row> reader = group;
        if (reader == null) {
            throw new IllegalStateException("no row group");
        }
        groupRowsLeft--;
        return reader.read();
    }

    @Override
    public void close() throws IOException {
        parquet.close();
    }
}
