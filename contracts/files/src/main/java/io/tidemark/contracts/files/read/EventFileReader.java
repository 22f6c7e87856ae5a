package io.tidemark.contracts.files.read;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.files.DamagedFileException;
import io.tidemark.contracts.files.Ndjson;
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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Streams the events of one file that {@link EventFileWriter} wrote, raw or of the lake.
 *
 * <p>Parquet, or lines of JSON where the name ends in {@code .ndjson.zst}: the same events either way.
 *
 * <p>Opening checks the footer, the schema and the checksum of every page (or of all bytes), so a file that is cut or damaged is
 * refused with {@link DamagedFileException} before its first event; the end checks the number of rows and
 * their hash. Holds one row group, or one line, in memory. Not thread-safe.
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
    private final RowInput input;
    private final boolean whole;
    private final Map<String, Column> byName = new HashMap<>();
    private final EventRows events = new EventRows();
    private final RowHash hash = new RowHash();
    private long read;

    private EventFileReader(Path file, Set<String> only) throws IOException {
        this.file = file;
        this.whole = only.isEmpty();
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        try {
            this.input = Ndjson.is(file) ? new NdjsonInput(file) : new ParquetInput(file, only);
            for (Column column : input.schema().columns()) {
                if (whole || only.contains(column.name())) {
                    byName.put(column.name(), column);
                }
            }
        } catch (IOException | RuntimeException e) {
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
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (Ndjson.is(file)) {
            return new long[] {Long.MIN_VALUE, Long.MAX_VALUE};
        }
        try {
            return ParquetInput.openTimes(file);
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
        return input.schema();
    }

    /** As the footer says; {@link #next} proves it. */
    public long rows() {
        return input.rows();
    }

    public String rowHash() {
        return input.rowHash();
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
        Row row = input.next();
        if (row == null) {
            checkEnd();
        } else {
            read++;
        }
        return row;
    }

    private void checkEnd() throws IOException {
        if (read != input.rows()) {
            throw new IOException("the file has " + read + " rows, its footer says " + input.rows());
        }
        if (whole && !hash.hex().equals(input.rowHash())) {
            throw new IOException("its rows do not have the hash that its footer says");
        }
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
