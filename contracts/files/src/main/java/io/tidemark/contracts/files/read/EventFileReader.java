package io.tidemark.contracts.files.read;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.files.Codecs;
import io.tidemark.contracts.files.DamagedFileException;
import io.tidemark.contracts.files.schema.Column;
import io.tidemark.contracts.files.schema.EventRows;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.schema.Row;
import io.tidemark.contracts.files.schema.RowHash;
import io.tidemark.contracts.files.write.EventFileWriter;
import io.tidemark.contracts.proto.Envelope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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

/**
 * Streams the events of one file that {@link EventFileWriter} wrote, raw or of the lake.
 *
 * <p>Opening checks the footer, the schema and the checksum of every page, so a file that is cut or damaged is
 * refused with {@link DamagedFileException} before its first event; the end checks the number of rows and
 * their hash. Holds one row group in memory. Not thread-safe.
 */
public final class EventFileReader implements AutoCloseable {
    private static final Set<String> IDENTITY_COLUMNS =
            Set.of("edge", "incarnation", "source", "channel", "symbol", "sequence");
    private static final List<String> NUMBERS = List.of("open", "high", "low", "close", "volume");
    private static final Set<String> BAR_COLUMNS = Set.of(
            "edge",
            "channel",
            "symbol",
            "vendor",
            "timeframe",
            "open_time",
            "open",
            "high",
            "low",
            "close",
            "volume",
            "trade_count",
            "revision",
            "complete");

    private final Path file;
    private final EventSchema schema;
    private final ParquetFileReader parquet;
    private final long rows;
    private final String rowHash;
    private final boolean whole;
    private final List<Column> columns;
    private final Map<String, Column> byName = new HashMap<>();
    private final MessageColumnIO columnIo;
    private final EventRows events = new EventRows();
    private final RowHash hash = new RowHash();
    private @Nullable RecordReader<Row> group;
    private long groupRowsLeft;
    private long read;

    private EventFileReader(Path file, Set<String> only) throws IOException {
        this.file = file;
        this.whole = only.isEmpty();
        this.parquet = openParquet(file);
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
            this.columns = whole
                    ? schema.columns()
                    : schema.columns().stream()
                            .filter(column -> only.contains(column.name()))
                            .toList();
            columns.forEach(column -> byName.put(column.name(), column));
            List<Type> fields = new ArrayList<>();
            columns.forEach(column -> fields.add(fileSchema.getType(column.name())));
            MessageType requested = new MessageType(fileSchema.getName(), fields);
            parquet.setRequestedSchema(requested);
            this.columnIo = new ColumnIOFactory().getColumnIO(requested, fileSchema);
        } catch (IOException | RuntimeException e) {
            parquet.close();
            throw damaged(file, e);
        }
    }

    /** Of whole events. Throws {@link DamagedFileException} for anything but a whole file of the format. */
    public static EventFileReader open(Path file) throws IOException {
        return new EventFileReader(file, Set.of());
    }

    /** Reads only what names the events; {@link #next} is not for this one. */
    public static EventFileReader openIdentities(Path file) throws IOException {
        return new EventFileReader(file, IDENTITY_COLUMNS);
    }

    /** Reads only what candles are made of; {@link #nextBar} is for this one. */
    public static EventFileReader openBars(Path file) throws IOException {
        return new EventFileReader(file, BAR_COLUMNS);
    }

    /**
     * The first and the last opening time of a file's bars of all channels, in nanoseconds, as its footer says; the
     * widest bounds where it says nothing.
     */
    public static long[] openTimes(Path file) throws IOException {
        long[] bounds = {Long.MAX_VALUE, Long.MIN_VALUE};
        try (ParquetFileReader parquet = openParquet(file)) {
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
        } catch (RuntimeException e) {
            throw damaged(file, e);
        }
        return bounds;
    }

    private static ParquetFileReader openParquet(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new java.nio.file.NoSuchFileException(file.toString());
        }
        try {
            return ParquetFileReader.open(
                    new LocalInputFile(file),
                    ParquetReadOptions.builder(new PlainParquetConfiguration())
                            .withCodecFactory(Codecs.READING)
                            .usePageChecksumVerification(true)
                            .withUseHadoopVectoredIo(false)
                            .build());
        } catch (IOException | RuntimeException e) {
            throw damaged(file, e);
        }
    }

    private static DamagedFileException damaged(Path file, Exception cause) {
        if (cause instanceof DamagedFileException known) {
            return known;
        }
        String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return new DamagedFileException(file, "damaged or not an event file: " + reason, cause);
    }

    public EventSchema schema() {
        return schema;
    }

    /** As the footer says; {@link #next} proves it. */
    public long rows() {
        return rows;
    }

    public String rowHash() {
        return rowHash;
    }

    /** The next event in the order of the file; null at the end. */
    public @Nullable Envelope next() throws IOException {
        if (!whole) {
            throw new IllegalStateException("opened for identities only");
        }
        try {
            Row row = nextRow();
            if (row == null) {
                return null;
            }
            hash.add(row);
            return events.event(row);
        } catch (IOException | RuntimeException e) {
            throw new DamagedFileException(file, "row " + read + ": " + e.getMessage(), e);
        }
    }

    /** The next event's name only; null at the end. */
    public @Nullable Identity nextIdentity() throws IOException {
        try {
            Row row = nextRow();
            return row == null ? null : EventRows.identity(row);
        } catch (IOException | RuntimeException e) {
            throw new DamagedFileException(file, "row " + read + ": " + e.getMessage(), e);
        }
    }

    /** The next bar of a channel; other events are passed over. Null at the end. */
    public @Nullable StoredBar nextBar(String channel) throws IOException {
        byte[] wanted = channel.getBytes(StandardCharsets.UTF_8);
        try {
            for (Row row = nextRow(); row != null; row = nextRow()) {
                if (Arrays.equals(row.bytes(bar("channel")), wanted)) {
                    return storedBar(row, channel);
                }
            }
            return null;
        } catch (IOException | RuntimeException e) {
            throw new DamagedFileException(file, "row " + read + ": " + e.getMessage(), e);
        }
    }

    private StoredBar storedBar(Row row, String channel) {
        List<@Nullable Decimal38> numbers = new ArrayList<>(NUMBERS.size());
        for (String name : NUMBERS) {
            Decimal38 value = null;
            if (row.has(bar(name))) {
                value = new Decimal38();
                value.readFixed16(row.bytes(bar(name)), 0);
            }
            numbers.add(value);
        }
        return new StoredBar(
                text(row, "edge"),
                channel,
                text(row, "vendor"),
                text(row, "symbol"),
                text(row, "timeframe"),
                row.number(bar("open_time")),
                numbers,
                row.has(bar("trade_count")) ? row.number(bar("trade_count")) : 0,
                row.has(bar("revision")) ? row.number(bar("revision")) : 0,
                row.has(bar("complete")) && row.number(bar("complete")) != 0);
    }

    private String text(Row row, String name) {
        Column column = bar(name);
        return row.has(column) ? new String(row.bytes(column), StandardCharsets.UTF_8) : "";
    }

    private Column bar(String name) {
        Column column = byName.get(name);
        if (column == null) {
            throw new IllegalStateException("column " + name + " was not asked for");
        }
        return column;
    }

    private @Nullable Row nextRow() throws IOException {
        while (groupRowsLeft == 0) {
            PageReadStore pages = parquet.readNextRowGroup();
            if (pages == null) {
                checkEnd();
                return null;
            }
            groupRowsLeft = pages.getRowCount();
            group = columnIo.getRecordReader(pages, new RowMaterializer(columns));
        }
        RecordReader<Row> reader = group;
        if (reader == null) {
            throw new IllegalStateException("no row group");
        }
        Row row = reader.read();
        groupRowsLeft--;
        read++;
        return row;
    }

    private void checkEnd() throws IOException {
        if (read != rows) {
            throw new IOException("the file has " + read + " rows, its footer says " + rows);
        }
        if (whole && !hash.hex().equals(rowHash)) {
            throw new IOException("its rows do not have the hash that its footer says");
        }
    }

    @Override
    public void close() throws IOException {
        parquet.close();
    }
}
