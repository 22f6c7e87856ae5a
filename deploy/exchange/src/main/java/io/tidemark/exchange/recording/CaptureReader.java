package io.tidemark.exchange.recording;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one capture from its first line to its last, whatever its container and compression.
 *
 * <p>Both are told by content, never by name: gzip, zstd or plain by the first bytes, the container
 * by the first line. Streaming: no more than one line is held. Not thread-safe.
 */
public final class CaptureReader implements LineSource {
    private final Path file;
    private final Lines lines;
    private @Nullable Container container;

    private CaptureReader(Path file, Lines lines) {
        this.file = file;
        this.lines = lines;
    }

    public static CaptureReader open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder, not a recording");
        }
        InputStream raw;
        try {
            raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
        }
        try {
            return new CaptureReader(file, new Lines(file, decompressed(raw)));
        } catch (IOException e) {
            raw.close();
            throw new BrokenLineException(file, 1, "the file is cut off or damaged here (" + e.getMessage() + ")");
        }
    }

    private static InputStream decompressed(InputStream raw) throws IOException {
        raw.mark(4);
        byte[] magic = raw.readNBytes(4);
        raw.reset();
        if (magic.length >= 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b) {
            return new GZIPInputStream(raw, 1 << 16);
        }
        if (magic.length == 4
                && (magic[0] & 0xff) == 0x28
                && (magic[1] & 0xff) == 0xb5
                && (magic[2] & 0xff) == 0x2f
                && (magic[3] & 0xff) == 0xfd) {
            return new ZstdInputStream(raw);
        }
        return raw;
    }

    @Override
    public Path file() {
        return file;
    }

    /** The next line, or null at the end. Empty lines hold nothing and are passed over. */
    @Override
    public @Nullable CapturedLine next() throws IOException {
        String line = lines.next();
        while (line != null && line.isBlank()) {
            line = lines.next();
        }
        if (line == null) {
            return null;
        }
        Container known = container;
        if (known == null) {
            known = Container.ofFirstLine(line);
            if (known == null) {
                throw broken("not a recording in a known format (number-prefixed lines, old text log or JSON lines)");
            }
            container = known;
        }
        try {
            return known.parse(line, lines.number());
        } catch (MalformedException e) {
            throw broken(e.reason());
        }
    }

    private BrokenLineException broken(String reason) {
        return new BrokenLineException(file, lines.number(), reason);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
