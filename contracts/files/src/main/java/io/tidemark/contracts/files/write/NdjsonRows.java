package io.tidemark.contracts.files.write;

import com.github.luben.zstd.ZstdCompressCtx;
import io.tidemark.contracts.files.Ndjson;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.schema.Row;
import io.tidemark.contracts.files.schema.RowJson;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * Rows as lines, some of them together in each zstd frame.
 *
 * <p>Each frame is compressed at once and on its own: a context that streams would take megabytes for every open file.
 */
final class NdjsonRows implements RowOutput {
    private static final int FRAME = 128 << 10;

    private final HashedOutput output;
    private final EventSchema schema;
    private final int level;
    private final Supplier<Map<String, String>> finalMetadata;
    private final RowJson json;
    private final CRC32C checksum = new CRC32C();
    private byte[] lines = new byte[8 << 10];
    private int length;

    NdjsonRows(HashedOutput output, EventSchema schema, int level, Supplier<Map<String, String>> finalMetadata) {
        this.output = output;
        this.schema = schema;
        this.level = level;
        this.finalMetadata = finalMetadata;
        this.json = new RowJson(schema);
    }

    @Override
    public void write(Row row) throws IOException {
        json.write(row);
        if (length > 0 && length + json.length() > FRAME) {
            frame();
        }
        if (lines.length - length < json.length()) {
            lines = Arrays.copyOf(lines, Math.max(length + json.length(), Math.min(FRAME, lines.length * 2)));
        }
        System.arraycopy(json.bytes(), 0, lines, length, json.length());
        length += json.length();
        if (length >= FRAME) {
            frame();
        }
    }

    private void frame() throws IOException {
        byte[] packed;
        try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
            zstd.setLevel(level).setChecksum(true).setContentSize(true);
            packed = zstd.compress(length == lines.length ? lines : Arrays.copyOf(lines, length));
        }
        checksum.update(packed, 0, packed.length);
        output.write(packed, 0, packed.length);
        length = 0;
        if (lines.length > FRAME) {
            lines = new byte[FRAME];
        }
    }

    @Override
    public long size() {
        return output.getPos() + length;
    }

    @Override
    public void finish() throws IOException {
        if (length > 0) {
            frame();
        }
        Map<String, String> metadata = new TreeMap<>(finalMetadata.get());
        metadata.put(EventSchema.METADATA_KEY, schema.name());
        byte[] footer = Ndjson.footer(metadata, checksum);
        output.write(footer, 0, footer.length);
        output.flush();
    }
}
