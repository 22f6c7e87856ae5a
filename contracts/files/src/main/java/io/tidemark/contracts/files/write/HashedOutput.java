package io.tidemark.contracts.files.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A new file that is hashed while it is written, and synced to disk when asked.
 *
 * <p>Parquet closes its stream itself, before it may be synced; so {@code close} of the stream only empties the
 * buffer, and {@link #close()} is the owner's.
 */
final class HashedOutput extends PositionOutputStream implements OutputFile {
    private final FileChannel channel;
    private final MessageDigest sha256;
    private final ByteBuffer buffer = ByteBuffer.allocate(8 << 10);
    private long position;

    HashedOutput(Path file) throws IOException {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    }

    @Override
    public void write(int b) throws IOException {
        if (!buffer.hasRemaining()) {
            flush();
        }
        buffer.put((byte) b);
        position++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > buffer.remaining()) {
            flush();
        }
        if (length > buffer.capacity()) {
            put(ByteBuffer.wrap(bytes, offset, length));
        } else {
            buffer.put(bytes, offset, length);
        }
        position += length;
    }

    private void put(ByteBuffer bytes) throws IOException {
        sha256.update(bytes.duplicate());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void flush() throws IOException {
        buffer.flip();
        put(buffer);
        buffer.clear();
    }

    /** Called by Parquet; see the class comment. */
    @Override
    public void close() throws IOException {
        flush();
    }

    /** After this, what was written survives a power cut, once the folder is synced too. */
    String syncAndClose() throws IOException {
        flush();
        channel.force(true);
        channel.close();
        return HexFormat.of().formatHex(sha256.digest());
    }

    void abandon() throws IOException {
        channel.close();
    }

    @Override
    public long getPos() {
        return position;
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) {
        return this;
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
        return this;
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }
}
