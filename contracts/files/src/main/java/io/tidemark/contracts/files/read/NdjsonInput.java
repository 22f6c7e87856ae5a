package io.tidemark.contracts.files.read;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.tidemark.contracts.files.Ndjson;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.schema.Row;
import io.tidemark.contracts.files.schema.RowJson;
import io.tidemark.contracts.files.write.EventFileWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a {@code .ndjson.zst} file, one line in memory.
 *
 * <p>The file is read once as a whole for its checksum before the first row.
 */
final class NdjsonInput implements RowInput {
    private static final int SHORTEST = 8;

    private final RandomAccessFile file;
    private final EventSchema schema;
    private final long rows;
    private final String rowHash;
    private final RowJson json;
    private final Row row = new Row();
    private final ZstdInputStreamNoFinalizer lines;
    private byte[] buffer = new byte[16 << 10];
    private int from;
    private int to;
    private boolean ended;

    NdjsonInput(Path path) throws IOException {
        file = new RandomAccessFile(path.toFile(), "r");
        try {
            long length = file.length();
            if (length < SHORTEST) {
                throw new IOException("no footer, it is cut");
            }
            byte[] last = new byte[SHORTEST];
            file.seek(length - last.length);
            file.readFully(last);
            byte[] footer = new byte[Ndjson.footerLength(last, length)];
            file.seek(length - footer.length);
            file.readFully(footer);
            long data = length - footer.length;
            Map<String, @Nullable Object> metadata = Ndjson.metadata(footer, checksum(data));
            schema = EventSchema.named(String.valueOf(metadata.get(EventSchema.METADATA_KEY)));
            rows = Long.parseLong(String.valueOf(metadata.get(EventFileWriter.ROWS_KEY)));
            rowHash = String.valueOf(metadata.get(EventFileWriter.ROW_HASH_KEY));
            json = new RowJson(schema);
            file.seek(0);
            lines = new ZstdInputStreamNoFinalizer(new FilePart(file, data));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private CRC32C checksum(long length) throws IOException {
        CRC32C checksum = new CRC32C();
        file.seek(0);
        for (long at = 0; at < length; ) {
            int read = file.read(buffer, 0, (int) Math.min(buffer.length, length - at));
            if (read < 0) {
                throw new IOException("it got shorter while it was read");
            }
            checksum.update(buffer, 0, read);
            at += read;
        }
        return checksum;
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
        int searched = from;
        while (true) {
            for (; searched < to; searched++) {
                if (buffer[searched] == '\n') {
                    json.read(buffer, from, searched, row);
                    from = searched + 1;
                    return row;
                }
            }
            if (ended) {
                if (from < to) {
                    throw new IOException("the last line has no end");
                }
                return null;
            }
            searched -= from;
            fill();
        }
    }

    /** Reads on behind the line that is not whole yet, which moves to the front. */
    private void fill() throws IOException {
        int kept = to - from;
        byte[] target = kept == buffer.length ? Arrays.copyOf(buffer, Math.multiplyExact(kept, 2)) : buffer;
        if (from > 0) {
            System.arraycopy(buffer, from, target, 0, kept);
        }
        buffer = target;
        from = 0;
        to = kept;
        int read = lines.read(buffer, to, buffer.length - to);
        if (read < 0) {
            ended = true;
        } else {
            to += read;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            lines.close();
        } finally {
            file.close();
        }
    }

    /** The first bytes of a file; closing is the owner's. */
    private static final class FilePart extends InputStream {
        private final RandomAccessFile file;
        private long left;

        FilePart(RandomAccessFile file, long length) {
            this.file = file;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = file.read(target, offset, (int) Math.min(length, left));
            if (read > 0) {
                left -= read;
            }
            return read;
        }
    }
}
