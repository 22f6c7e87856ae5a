package io.tidemark.contracts.files;

import io.tidemark.contracts.json.CanonicalJson;
import io.tidemark.contracts.json.JsonReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The container of {@code .ndjson.zst} files: zstd frames of whole lines, then one skippable frame, which zstd's own
 * tools pass over, with what Parquet has in its footer.
 *
 * <pre>
 * file   = frame* footer
 * footer = 50 2a 4d 18, length:4 little-endian, canonical JSON, crc32c:4, length of the footer:4 (big-endian both)
 * </pre>
 *
 * <p>The checksum is of all bytes of the file before it.
 */
public final class Ndjson {
    /** How the names of such files end. */
    public static final String ENDING = ".ndjson.zst";

    private static final int SKIPPABLE = 0x184d2a50;
    private static final int FRAME_HEAD = 8;
    private static final int TRAILER = 8;
    private static final int MAX_FOOTER = 4096;

    private Ndjson() {}

    public static boolean is(Path file) {
        return String.valueOf(file.getFileName()).endsWith(ENDING);
    }

    /** {@code before} is the checksum of all bytes that stand before the footer. */
    public static byte[] footer(Map<String, String> metadata, CRC32C before) {
        byte[] json = CanonicalJson.bytes(metadata);
        int length = FRAME_HEAD + json.length + TRAILER;
        ByteBuffer footer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        footer.putInt(SKIPPABLE).putInt(length - FRAME_HEAD).put(json);
        before.update(footer.array(), 0, footer.position());
        footer.order(ByteOrder.BIG_ENDIAN).putInt((int) before.getValue()).putInt(length);
        return footer.array();
    }

    /** The footer's length, by the last eight bytes of a file of {@code fileLength} bytes. */
    public static int footerLength(byte[] last8, long fileLength) throws IOException {
        int length = ByteBuffer.wrap(last8).getInt(4);
        if (length < FRAME_HEAD + TRAILER || length > MAX_FOOTER || length > fileLength) {
            throw new IOException("no footer, it is cut");
        }
        return length;
    }

    /** {@code before} is the checksum of all bytes that stand before the footer. */
    public static Map<String, @Nullable Object> metadata(byte[] footer, CRC32C before) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(footer).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.getInt() != SKIPPABLE || bytes.getInt() != footer.length - FRAME_HEAD) {
            throw new IOException("no footer, it is cut or changed");
        }
        int end = footer.length - TRAILER;
        before.update(footer, 0, end);
        if ((int) before.getValue() != bytes.order(ByteOrder.BIG_ENDIAN).getInt(end)) {
            throw new IOException("its bytes do not have the checksum that its footer says");
        }
        return JsonReader.object(Arrays.copyOfRange(footer, FRAME_HEAD, end));
    }
}
