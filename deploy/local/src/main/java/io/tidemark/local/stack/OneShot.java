package io.tidemark.local.stack;

import io.tidemark.local.supervise.ProcessTable;
import io.tidemark.local.supervise.Sessions;
import io.tidemark.local.supervise.StackFailure;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A service's command that does its work and ends; its output is kept beside the service's log. */
public final class OneShot {
    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path folder;
    private final Path output;
    private @Nullable Process process;
    private long started;

    /**
     * How it ended.
     *
     * @param output what it wrote to stdout
     * @param log where its stderr went
     */
    public record Result(int exitCode, String output, Path log) {
        /** The last words of its log, for a message. */
        public String lastWords() {
            try {
                List<String> lines = Files.readAllLines(log).stream()
                        .filter(line -> !line.isBlank())
                        .toList();
                return String.join("\n  ", lines.subList(Math.max(0, lines.size() - 5), lines.size())) + "\n  (log: "
                        + log + ")";
            } catch (IOException e) {
                return "(log: " + log + ")";
            }
        }
    }

    OneShot(String name, List<String> command, Map<String, String> environment, Path folder) {
        this.name = name;
        this.command = command;
        this.environment = environment;
        this.folder = folder;
        this.output = folder.resolve(name.replace(' ', '-') + ".out");
    }

    synchronized void start() {
        try {
            Files.createDirectories(folder);
            ProcessBuilder builder = new ProcessBuilder(Sessions.inOwnSession(command))
                    .directory(folder.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()));
            builder.environment().putAll(environment);
            process = builder.start();
            started = ProcessTable.startOf(process.toHandle());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + name, e);
        }
    }

    Result await(Duration limit) {
        Process running = started();
        try {
            if (!running.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                running.destroyForcibly();
                throw new StackFailure(name + " did not end within " + limit.toSeconds() + " s (log: " + log() + ")");
            }
            return new Result(running.exitValue(), Files.readString(output), log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new StackFailure("stopped", e);
        }
    }

    synchronized void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    synchronized Optional<ProcessTable.Entry> entry() {
        return process == null
                ? Optional.empty()
                : Optional.of(new ProcessTable.Entry(name, process.toHandle(), started, 1, command, Map.of(), log()));
    }

    private synchronized Process started() {
        if (process == null) {
            throw new IllegalStateException(name + " was not started");
        }
        return process;
    }

    private Path log() {
        return folder.resolve(name.replace(' ', '-') + ".log");
    }
}
