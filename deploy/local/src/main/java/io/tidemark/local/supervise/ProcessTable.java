package io.tidemark.local.supervise;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code processes.json} of a run folder: which processes belong to the run, so that a later command can
 * end what a killed launcher left behind.
 *
 * <p>A process is recognised by its id, the moment it started and its command line together: ids are used
 * again, and nothing else may ever be killed.
 */
public final class ProcessTable {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final Duration LAUNCHER_LIMIT = Duration.ofMinutes(3);
    private static final Duration TERM_LIMIT = Duration.ofSeconds(30);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
    private static final long POLL_NANOS = 50_000_000L;

    private final Path file;

    public ProcessTable(Path runFolder) {
        this.file = runFolder.resolve("processes.json");
    }

    /**
     * One process of the run.
     *
     * @param started when it started, see {@link #startOf}; cannot be asked for any more when it has ended
     * @param command without secrets: it is written down
     * @param starts how often it has been started so far
     */
    public record Entry(
            String name,
            ProcessHandle handle,
            long started,
            int starts,
            List<String> command,
            Map<String, Integer> ports,
            Path log) {}

    /** Replaces the file by the present state, atomically. */
    public synchronized void write(List<Entry> entries) {
        ObjectNode root = JSON.createObjectNode();
        ProcessHandle self = ProcessHandle.current();
        ObjectNode launcher = root.putObject("launcher");
        launcher.put("pid", self.pid());
        launcher.put("started", startOf(self));
        ArrayNode all = root.putArray("processes");
        for (Entry process : entries) {
            ObjectNode entry = all.addObject();
            entry.put("name", process.name());
            entry.put("pid", process.handle().pid());
            entry.put("running", process.handle().isAlive());
            entry.put("started", process.started());
            entry.put("starts", process.starts());
            ArrayNode command = entry.putArray("command");
            process.command().forEach(command::add);
            ObjectNode ports = entry.putObject("ports");
            process.ports().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(port -> ports.put(port.getKey(), port.getValue()));
            entry.put("log", process.log().toString());
        }
        try {
            Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
            Files.writeString(temporary, JSON.writeValueAsString(root) + "\n");
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /**
     * Ends what still runs of this run: its launcher, which ends the rest in order, or without a launcher
     * the processes themselves, last started first.
     *
     * @return the names of what was ended
     */
    public List<String> stopAll() {
        JsonNode root = read();
        List<String> ended = new ArrayList<>();
        Optional<ProcessHandle> launcher = same(root.path("launcher"));
        if (launcher.isPresent()) {
            launcher.get().destroy();
            awaitEnd(launcher.get(), LAUNCHER_LIMIT);
            if (launcher.get().isAlive()) {
                launcher.get().destroyForcibly();
            }
            ended.add("launcher");
            root = read();
        }
        List<JsonNode> entries = new ArrayList<>();
        root.path("processes").forEach(entries::add);
        for (int i = entries.size() - 1; i >= 0; i--) {
            JsonNode entry = entries.get(i);
            Optional<ProcessHandle> process = same(entry);
            if (process.isEmpty()) {
                continue;
            }
            process.get().destroy();
            awaitEnd(process.get(), TERM_LIMIT);
            if (process.get().isAlive()) {
                process.get().destroyForcibly();
                awaitEnd(process.get(), KILL_LIMIT);
            }
            ended.add(entry.path("name").asText());
        }
        return ended;
    }

    private JsonNode read() {
        if (!Files.exists(file)) {
            throw new StackFailure(file.getParent() + " is no run folder: it holds no processes.json");
        }
        try {
            return JSON.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new StackFailure(file + " is not readable as JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new StackFailure("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static Optional<ProcessHandle> same(JsonNode entry) {
        long pid = entry.path("pid").asLong(0);
        if (pid <= 0) {
            return Optional.empty();
        }
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(handle -> startOf(handle) == entry.path("started").asLong())
                .filter(handle -> commandMatches(handle.pid(), entry.path("command")));
    }

    /** The wrappers in front (setsid, unshare) become the program they start, so the ends are compared. */
    private static boolean commandMatches(long pid, JsonNode recorded) {
        if (!recorded.isArray() || recorded.isEmpty()) {
            return true;
        }
        try {
            String running = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.UTF_8)
                    .replace('\0', ' ')
                    .strip();
            return running.endsWith(recorded.get(recorded.size() - 1).asText());
        } catch (IOException e) {
            return false;
        }
    }

    /** The moment a process started, in milliseconds as the kernel counts them; 0 for one that has ended. */
    public static long startOf(ProcessHandle handle) {
        return handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static void awaitEnd(ProcessHandle handle, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (handle.isAlive() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
