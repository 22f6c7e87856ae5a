package io.tidemark.edge.forward;

import io.tidemark.contracts.json.CanonicalJson;
import io.tidemark.contracts.json.JsonReader;
import io.tidemark.contracts.segment.PathText;
import io.tidemark.contracts.topic.Topics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One source's cursors on disk: replaced as a whole and synced, so that after a crash it is the old or the new one.
 *
 * <p>An old cursor only repeats records. A file that cannot be read means from the start of the oldest log.
 */
final class CursorFile {
    private static final Logger LOG = Logger.getLogger(CursorFile.class);

    private final Path file;
    private Map<Topics, Cursor> saved = Map.of();

    CursorFile(Path dataDir, String source) {
        file = dataDir.resolve("state").resolve("cursors").resolve(PathText.encode(source) + ".json");
    }

    boolean exists() {
        return Files.exists(file);
    }

    Map<Topics, Cursor> load() {
        Map<Topics, Cursor> cursors = new EnumMap<>(Topics.class);
        if (!Files.exists(file)) {
            return cursors;
        }
        try {
            Map<String, @Nullable Object> document = JsonReader.object(Files.readAllBytes(file));
            document.forEach((family, value) -> {
                if (!(value instanceof Map<?, ?> fields)) {
                    throw new IllegalArgumentException("field \"" + family + "\" must be an object");
                }
                cursors.put(
                        Topics.ofFamily(family),
                        new Cursor(
                                number(fields, "ordinal"),
                                number(fields, "offset"),
                                Math.toIntExact(number(fields, "at")),
                                number(fields, "total")));
            });
            saved = new EnumMap<>(cursors);
            return cursors;
        } catch (IOException | RuntimeException e) {
            LOG.warnf("The cursors in %s cannot be read, the log is sent from its start: %s", file, e.getMessage());
            return new EnumMap<>(Topics.class);
        }
    }

    private static long number(Map<?, ?> fields, String name) {
        if (fields.get(name) instanceof Number number && number.longValue() >= 0) {
            return number.longValue();
        }
        throw new IllegalArgumentException("field \"" + name + "\" must be a count");
    }

    void save(Map<Topics, Cursor> cursors) throws IOException {
        if (cursors.equals(saved)) {
            return;
        }
        Map<String, Object> document = new TreeMap<>();
        cursors.forEach((family, cursor) -> document.put(
                family.family(),
                Map.of(
                        "ordinal", cursor.ordinal(),
                        "offset", cursor.offset(),
                        "at", cursor.at(),
                        "total", cursor.total())));
        Files.createDirectories(file.getParent());
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(CanonicalJson.bytes(document));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
        saved = new EnumMap<>(cursors);
    }
}
