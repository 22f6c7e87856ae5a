package io.tidemark.edge.log;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads the blocks of one log, also of the log that is being written.
 *
 * <p>Used by one thread. The caller says how far the log may be read ({@link StoredLog#length()}); up to there
 * every block is whole, so anything else is damage.
 */
public final class LogReader implements AutoCloseable {
    private final Path path;
    private final RandomAccessFile file;
    private final @Nullable LogHeader header;
    private final long firstBlock;
    private final byte[] headBytes = new byte[LogFormat.BLOCK_HEAD];
    private byte[] stored = new byte[0];
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();

    /** Throws {@link DamagedLogException} when the header is not whole. */
    public LogReader(Path path) throws IOException {
        this(path, false);
    }

    private LogReader(Path path, boolean lenient) throws IOException {
        this.path = path;
        file = new RandomAccessFile(path.toFile(), "r");
        LogHeader read = null;
        long length = 0;
        try {
            byte[] whole = headerBytes();
            read = LogFormat.parseHeader(whole);
            length = whole.length;
        } catch (IOException e) {
            if (!lenient) {
                close();
                String what = e instanceof EOFException ? "the header is cut" : String.valueOf(e.getMessage());
                throw new DamagedLogException(path, 0, what);
            }
        }
        header = read;
        firstBlock = length;
    }

    /** Also of a log whose header cannot be read: its blocks may be. */
    static LogReader lenient(Path path) throws IOException {
        return new LogReader(path, true);
    }

    private byte[] headerBytes() throws IOException {
        byte[] first = new byte[12];
        file.readFully(first);
        int length = LogFormat.headerLength(first);
        if (length > file.length()) {
            throw new EOFException("the header is cut");
        }
        byte[] whole = new byte[length];
        file.seek(0);
        file.readFully(whole);
        return whole;
    }

    @Nullable
    LogHeader headerOrNull() {
        return header;
    }

    public LogHeader header() {
        if (header == null) {
            throw new IllegalStateException(path + " has no header");
        }
        return header;
    }

    public Path path() {
        return path;
    }

    public long firstBlock() {
        return firstBlock;
    }

    /** The bytes on disk, whether they can be read or not. */
    long fileLength() throws IOException {
        return file.length();
    }

    /** The head of the block at an offset; null at {@code limit}. Its own checksum holds, the payload is not read. */
    public @Nullable BlockHead head(long offset, long limit) throws IOException {
        if (offset >= limit) {
            return null;
        }
        if (limit - offset < LogFormat.BLOCK_HEAD) {
            throw new DamagedLogException(path, offset, "the block's head is cut");
        }
        file.seek(offset);
        try {
            file.readFully(headBytes);
        } catch (EOFException e) {
            throw new DamagedLogException(path, offset, "the block's head is cut");
        }
        if ((int) LogFormat.INT.get(headBytes, 0) != LogFormat.BLOCK_MAGIC) {
            throw new DamagedLogException(path, offset, "no block begins here");
        }
        if ((int) LogFormat.INT.get(headBytes, 52) != LogFormat.crc(headBytes, 0, 52)) {
            throw new DamagedLogException(path, offset, "the block's head has a wrong checksum");
        }
        BlockHead head = new BlockHead(
                offset,
                headBytes[4],
                headBytes[5],
                (int) LogFormat.INT.get(headBytes, 8),
                (int) LogFormat.INT.get(headBytes, 12),
                (int) LogFormat.INT.get(headBytes, 16),
                (int) LogFormat.INT.get(headBytes, 20),
                (long) LogFormat.LONG.get(headBytes, 24),
                (long) LogFormat.LONG.get(headBytes, 32),
                (long) LogFormat.LONG.get(headBytes, 40),
                (int) LogFormat.INT.get(headBytes, 48));
        if (head.storedLength() < 0
                || head.rawLength() < 0
                || head.rawLength() > LogFormat.MAX_RAW
                || head.storedLength() > LogFormat.MAX_RAW) {
            throw new DamagedLogException(path, offset, "a block of impossible length");
        }
        if (head.next() > limit) {
            throw new DamagedLogException(path, offset, "the block's payload is cut");
        }
        return head;
    }

    /** The whole block, its checksum proved; null at {@code limit}. */
    public @Nullable LogBlock block(long offset, long limit) throws IOException {
        BlockHead head = head(offset, limit);
        return head == null ? null : block(head);
    }

    /** The block whose head was read. */
    public LogBlock block(BlockHead head) throws IOException {
        int length = head.storedLength();
        boolean packed = head.codec() == LogFormat.ZSTD;
        byte[] payload = packed ? room(length) : new byte[length];
        file.seek(head.offset() + LogFormat.BLOCK_HEAD);
        try {
            file.readFully(payload, 0, length);
        } catch (EOFException e) {
            throw new DamagedLogException(path, head.offset(), "the block's payload is cut");
        }
        if (LogFormat.crc(payload, 0, length) != head.payloadCrc()) {
            throw new DamagedLogException(path, head.offset(), "the block has a wrong checksum");
        }
        if (!packed) {
            return new LogBlock(head, payload);
        }
        byte[] raw = new byte[head.rawLength()];
        try {
            int size = zstd.decompressByteArray(raw, 0, raw.length, payload, 0, length);
            if (size != raw.length) {
                throw new DamagedLogException(path, head.offset(), "the block unpacks to another length");
            }
        } catch (ZstdException e) {
            throw new DamagedLogException(path, head.offset(), "the block does not unpack: " + e.getMessage());
        }
        return new LogBlock(head, raw);
    }

    private byte[] room(int length) {
        if (stored.length < length || stored.length > (1 << 20)) {
            stored = new byte[Math.max(length, 64 << 10)];
        }
        return stored;
    }

    /** The seal at the file's end; null when the log was not sealed or something follows the seal. */
    @Nullable
    LogBlock seal() throws IOException {
        long length = file.length();
        if (length < firstBlock + LogFormat.BLOCK_HEAD + 4) {
            return null;
        }
        file.seek(length - 4);
        int size = file.readInt();
        if (size < LogFormat.BLOCK_HEAD || size > length - firstBlock) {
            return null;
        }
        try {
            LogBlock block = block(length - size, length);
            return block != null && block.head().isSeal() ? block : null;
        } catch (DamagedLogException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
        zstd.close();
    }
}
