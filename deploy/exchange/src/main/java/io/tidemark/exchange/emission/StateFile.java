package io.tidemark.exchange.emission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The state as a JSON file, replaced as a whole: temporary file, fsync, rename, fsync of the folder. */
public final class StateFile implements StateStore {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    public StateFile(Path file) {
        this.file = file.toAbsolutePath();
    }

    /** The state of an earlier incarnation, or null on the first start. */
    public @Nullable RunState load() throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            if (!json.path("run").isTextual() || !json.path("emitted").isIntegralNumber()) {
                throw new IOException("the state file " + file + " is not one of the simulated exchange");
            }
            List<Edit> edits = new ArrayList<>();
            for (JsonNode edit : json.path("edits")) {
                edits.add(edit(edit));
            }
            return new RunState(
                    json.path("run").asText(),
                    json.hasNonNull("start") ? json.path("start").asText() : null,
                    json.hasNonNull("base") ? json.path("base").asLong() : null,
                    edits,
                    json.path("position").asLong(),
                    json.path("emitted").asLong(),
                    json.path("finished").asBoolean());
        } catch (JsonProcessingException e) {
            throw new IOException("the state file " + file + " is damaged: " + e.getOriginalMessage(), e);
        }
    }

    private Edit edit(JsonNode node) throws IOException {
        List<String> streams = new ArrayList<>();
        node.path("streams").forEach(stream -> streams.add(stream.asText()));
        try {
            return new Edit(
                    Edit.Kind.valueOf(node.path("kind").asText().toUpperCase(Locale.ROOT)),
                    node.path("raw").asLong(),
                    node.path("position").asLong(),
                    node.path("count").asLong(),
                    streams);
        } catch (IllegalArgumentException e) {
            throw new IOException("the state file " + file + " holds an edit it cannot hold: " + node, e);
        }
    }

    @Override
    public void save(RunState state) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("run", state.run());
        json.put("start", state.start());
        json.put("base", state.base());
        ArrayNode edits = json.putArray("edits");
        state.edits().forEach(edit -> {
            ObjectNode node = edits.addObject();
            node.put("kind", edit.kind().name().toLowerCase(Locale.ROOT));
            node.put("raw", edit.raw());
            node.put("position", edit.position());
            node.put("count", edit.count());
            edit.streams().forEach(node.putArray("streams")::add);
        });
        json.put("position", state.position());
        json.put("emitted", state.emitted());
        json.put("finished", state.finished());
        Path folder = file.getParent();
        if (folder == null) {
            throw new IOException("the state file " + file + " has no folder");
        }
        Files.createDirectories(folder);
        Path next = folder.resolve(file.getFileName() + ".next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(json));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
