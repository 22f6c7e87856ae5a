package io.tidemark.edge.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tidemark.edge.feed.BadFrameException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The records of one file that were refused: {@code <data-dir>/quarantine/<source>/load-<sha256>.ndjson}.
 *
 * <p>Written anew by each run that reads the file, so nothing is in it twice; there whole or not at all.
 */
final class RejectedFile implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();

    private final Path folder;
    private final Path target;
    private final String name;
    private @Nullable FileChannel channel;
    private @Nullable JsonGenerator out;

    RejectedFile(Path folder, Path file, String sha256) {
        this.folder = folder;
        this.target = folder.resolve(name(sha256));
        this.name = file.toString();
    }

    static String name(String sha256) {
        return "load-" + sha256.substring(0, 16) + ".ndjson";
    }

    private Path part() {
        return folder.resolve(target.getFileName() + ".part");
    }

    void add(BadFrameException why, byte[] record, String position) {
        try {
            JsonGenerator line = out;
            if (line == null) {
                Files.createDirectories(folder);
                FileChannel opened = FileChannel.open(
                        part(),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                channel = opened;
                line = JSON.createGenerator(Channels.newOutputStream(opened));
                line.setRootValueSeparator(null);
                out = line;
            }
            line.writeStartObject();
            line.writeStringField("file", name);
            line.writeStringField("position", position);
            line.writeStringField("reason", why.reason().tag());
            line.writeStringField("detail", String.valueOf(why.getMessage()));
            line.writeBinaryField("base64", record);
            line.writeEndObject();
            line.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void finish() throws IOException {
        JsonGenerator line = out;
        FileChannel opened = channel;
        if (line != null && opened != null) {
            line.flush();
            opened.force(true);
            line.close();
            Files.move(part(), target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            out = null;
        }
    }

    @Override
    public void close() throws IOException {
        JsonGenerator line = out;
        if (line != null) {
            line.close();
        }
    }
}
