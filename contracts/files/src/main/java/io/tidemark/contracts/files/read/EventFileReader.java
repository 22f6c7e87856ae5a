package io.tidemark.contracts.files.read;

import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.files.DamagedFileException;
import io.tidemark.contracts.files.Ndjson;
import io.tidemark.contracts.files.schema.EventRows;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.schema.Row;
import io.tidemark.contracts.files.schema.RowHash;
import io.tidemark.contracts.files.write.EventFileWriter;
import io.tidemark.contracts.proto.Envelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
    private final Path file;
    private final RowInput input;
    private final boolean whole;
    private final EventRows events = new EventRows();
    private final RowHash hash = new RowHash();
    private long read;

    private EventFileReader(Path file, boolean whole) throws IOException {
        this.file = file;
        this.whole = whole;
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        try {
            this.input = Ndjson.is(file) ? new NdjsonInput(file) : new ParquetInput(file, whole);
        } catch (IOException | RuntimeException e) {
            throw damaged(file, e);
        }
    }

    /** Of whole events. Throws {@link DamagedFileException} for anything but a whole file of the format. */
    public static EventFileReader open(Path file) throws IOException {
        return new EventFileReader(file, true);
    }

    /** Reads only what names the events; {@link #next} is not for this one. */
    public static EventFileReader openIdentities(Path file) throws IOException {
        return new EventFileReader(file, false);
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
