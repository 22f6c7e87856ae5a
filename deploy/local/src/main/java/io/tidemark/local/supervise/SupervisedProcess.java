package io.tidemark.local.supervise;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One process of the stack: started, watched by a thread of its own, started again with the same command
 * when it dies, stopped on request.
 *
 * <p>Thread-safe. The process runs in a session of its own, so a Ctrl-C at the terminal reaches the
 * launcher only, which then stops everything in order.
 */
public final class SupervisedProcess {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int QUOTED_LINES = 8;

    /** Told after each start and end, on the thread that caused it. */
    public interface Listener {
        void changed();

        /** It died and will be started again; {@code exitCode} above 128 means killed by a signal. */
        void restarting(String name, int exitCode);
    }

    private final Listener listener;
    private final RestartPolicy policy = new RestartPolicy();
    private ProcessSpec spec;
    private @Nullable Process process;
    private @Nullable String failure;
    private boolean stopping;
    private int starts;
    private long started;
    private long startedNanos;
    private long logStart;

    public SupervisedProcess(ProcessSpec spec, Listener listener) {
        this.spec = spec;
        this.listener = listener;
    }

    public synchronized ProcessSpec spec() {
        return spec;
    }

    /** Takes effect at the next start; for a process that is stopped. */
    public synchronized void respecify(ProcessSpec other) {
        if (isRunning()) {
            throw new IllegalStateException(spec.name() + " is running");
        }
        spec = other;
    }

    /** Starts it, unless it runs already. */
    public void start() {
        synchronized (this) {
            if (isRunning()) {
                return;
            }
            stopping = false;
            failure = null;
        }
        launch();
    }

    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** The running (or last) process. */
    public synchronized @Nullable ProcessHandle handle() {
        return process == null ? null : process.toHandle();
    }

    /** As it stands in {@code processes.json}; nothing before the first start. */
    public synchronized Optional<ProcessTable.Entry> entry() {
        return process == null
                ? Optional.empty()
                : Optional.of(new ProcessTable.Entry(
                        spec.name(), process.toHandle(), started, starts, spec.command(), spec.ports(), spec.log()));
    }

    /** How often it has been started, the first time included. */
    public synchronized int starts() {
        return starts;
    }

    /** Why it is not started again, in one sentence with the last lines of its log; null while all is well. */
    public synchronized @Nullable String failure() {
        return failure;
    }

    /**
     * Waits until it is ready, over restarts.
     *
     * @throws StackFailure with the last lines of its log, when it gives up or needs too long
     */
    public void awaitReady() {
        long deadline = System.nanoTime() + spec().readyWithin().toNanos();
        while (true) {
            String failed = failure();
            if (failed != null) {
                throw new StackFailure(failed);
            }
            if (isRunning() && spec().readiness().ready()) {
                return;
            }
            synchronized (this) {
                if (stopping) {
                    throw new StackFailure(spec.name() + " was stopped while it started");
                }
            }
            if (System.nanoTime() > deadline) {
                throw new StackFailure(spec().name() + " was not ready within "
                        + spec().readyWithin().toSeconds() + " s" + quoteLog());
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /**
     * Asks it to end, waits, and kills it when it does not.
     *
     * @return its exit code (above 128: ended by a signal), or nothing if it was not running
     */
    public OptionalInt stop() {
        return stop(spec().stopWithin());
    }

    /** As {@link #stop()}, with another patience. */
    public OptionalInt stop(Duration within) {
        Process running;
        ProcessSpec current;
        synchronized (this) {
            stopping = true;
            running = process;
            current = spec;
        }
        if (running == null || !running.isAlive()) {
            return OptionalInt.empty();
        }
        signal(running, current.interrupt());
        try {
            if (!running.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                running.destroyForcibly();
                running.waitFor(10, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
            return OptionalInt.of(137);
        }
        listener.changed();
        return OptionalInt.of(running.exitValue());
    }

    private void launch() {
        Process spawned;
        ProcessSpec current = spec();
        current.beforeStart().run();
        synchronized (this) {
            if (stopping || isRunning()) {
                return;
            }
            try {
                Files.createDirectories(current.folder());
                logStart = Files.exists(current.log()) ? Files.size(current.log()) : 0;
                ProcessBuilder builder = new ProcessBuilder(Sessions.inOwnSession(current.command()))
                        .directory(current.folder().toFile())
                        .redirectErrorStream(true)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(current.log().toFile()));
                builder.environment().putAll(current.environment());
                spawned = builder.start();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start " + current.name(), e);
            }
            process = spawned;
            started = ProcessTable.startOf(spawned.toHandle());
            starts++;
            startedNanos = System.nanoTime();
        }
        listener.changed();
        Thread watcher = new Thread(() -> watch(spawned), "watch-" + current.name());
        watcher.setDaemon(true);
        watcher.start();
    }

    private void watch(Process watched) {
        int exitCode;
        try {
            exitCode = watched.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        Duration pause;
        synchronized (this) {
            if (stopping || process != watched) {
                return;
            }
            pause = policy.afterEnd(exitCode, Duration.ofNanos(System.nanoTime() - startedNanos));
            if (pause.isNegative()) {
                failure = spec.name() + " " + describe(exitCode) + quoteLog();
            }
        }
        if (pause.isNegative()) {
            listener.changed();
            return;
        }
        listener.restarting(spec().name(), exitCode);
        LockSupport.parkNanos(pause.toNanos());
        try {
            launch();
        } catch (RuntimeException e) {
            synchronized (this) {
                failure = e.getMessage();
            }
            listener.changed();
        }
    }

    static String describe(int exitCode) {
        return exitCode > 128 ? "was killed by signal " + (exitCode - 128) : "ended with exit code " + exitCode;
    }

    private static void signal(Process process, boolean interrupt) {
        if (!interrupt) {
            process.destroy();
            return;
        }
        try {
            new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start().waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The last lines that this start of it wrote, as {@code ": line | line"}. */
    private String quoteLog() {
        ProcessSpec current = spec();
        List<String> lines;
        try (RandomAccessFile file = new RandomAccessFile(current.log().toFile(), "r")) {
            long from = Math.max(logStart, file.length() - 8192);
            file.seek(from);
            byte[] bytes = new byte[(int) Math.max(0, file.length() - from)];
            file.readFully(bytes);
            lines = new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            lines = List.of();
        }
        String where = " (log: " + current.log() + ")";
        if (lines.isEmpty()) {
            return where;
        }
        return ": " + String.join("\n  ", lines.subList(Math.max(0, lines.size() - QUOTED_LINES), lines.size())) + "\n "
                + where;
    }
}
