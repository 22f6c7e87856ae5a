package io.tidemark.e2e.stack;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One {@code ./tidemark demo}, started as a person starts it and watched from outside. */
public final class DemoRun implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(6);

    private final Process process;
    private final Path folder;
    private final Path out;
    private final Path err;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private DemoRun(Process process, Path folder, Path out, Path err) {
        this.process = process;
        this.folder = folder;
        this.out = out;
        this.err = err;
    }

    /** Starts {@code ./tidemark demo --json --dir <folder>/run} with more arguments. */
    public static DemoRun start(Path folder, String... arguments) {
        return start(folder, Arrays.asList(arguments));
    }

    public static DemoRun start(Path folder, List<String> arguments) {
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        List<String> command = new ArrayList<>(List.of(
                Repository.root().resolve("tidemark").toString(),
                "demo",
                "--json",
                "--dir",
                folder.resolve("run").toString()));
        command.addAll(arguments);
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            // These tests run after the packages are built; a build inside the build would only race with it.
            builder.environment().put("TIDEMARK_BUILD", "no");
            Process process = builder.redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            return new DemoRun(process, folder.resolve("run"), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path folder() {
        return folder;
    }

    /** Waits for the end and gives the exit code. */
    public int exitCode() {
        try {
            assertTrue(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS), () -> "the demo did not end\n" + said());
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail(e);
        }
    }

    /** The JSON object on the last line of standard output, after the end. */
    public JsonNode result() {
        exitCode();
        try {
            List<String> lines = Files.readAllLines(out);
            assertFalse(lines.isEmpty(), this::said);
            return JSON.readTree(lines.get(lines.size() - 1));
        } catch (IOException e) {
            throw new UncheckedIOException(said(), e);
        }
    }

    public String out() {
        return text(out);
    }

    public String err() {
        return text(err);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything it printed, for a message. */
    public String said() {
        return "standard output:\n" + out() + "\nstandard error:\n" + err();
    }

    /** Waits until a condition holds while the demo runs. */
    public void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(process.isAlive(), () -> "the demo ended before " + what + "\n" + said());
            assertTrue(System.nanoTime() < deadline, () -> "waited too long for " + what + "\n" + said());
            LockSupport.parkNanos(20_000_000L);
        }
    }

    /** The entry of a process in {@code processes.json}, if it has been started. */
    public @Nullable JsonNode entry(String name) {
        Path table = folder.resolve("processes.json");
        if (!Files.exists(table)) {
            return null;
        }
        try {
            for (JsonNode entry : JSON.readTree(table.toFile()).path("processes")) {
                if (entry.path("name").asText().equals(name)) {
                    return entry;
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How often a process has been started so far. */
    public int starts(String name) {
        JsonNode entry = entry(name);
        return entry == null ? 0 : entry.path("starts").asInt();
    }

    /** {@code kill -9}. */
    public void kill(String name) {
        JsonNode entry = entry(name);
        assertTrue(entry != null, () -> name + " is not in processes.json\n" + said());
        ProcessHandle.of(entry.path("pid").asLong()).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** WebSocket frames that the edge says it has logged; -1 while it cannot be asked. */
    public long framesLogged() {
        JsonNode entry = entry("edge");
        if (entry == null) {
            return -1;
        }
        int port = entry.path("ports").path("http").asInt();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/status"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            String body =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            long frames = 0;
            for (JsonNode feed : JSON.readTree(body).path("feeds")) {
                frames += feed.path("frames").asLong();
            }
            return frames;
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail(e);
        }
    }

    /** Ctrl-C. */
    public void interrupt() {
        process.destroy();
    }

    /** The names of the run's processes that are still alive. */
    public List<String> stillRunning() {
        List<String> alive = new ArrayList<>();
        Path table = folder.resolve("processes.json");
        if (Files.exists(table)) {
            try {
                for (JsonNode entry : JSON.readTree(table.toFile()).path("processes")) {
                    if (ProcessHandle.of(entry.path("pid").asLong())
                            .map(ProcessHandle::isAlive)
                            .orElse(false)) {
                        alive.add(entry.path("name").asText());
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return alive;
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            process.destroy();
            try {
                if (!process.waitFor(60, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
