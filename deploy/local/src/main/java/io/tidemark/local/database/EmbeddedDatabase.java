package io.tidemark.local.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A real PostgreSQL server as a child of this JVM, on 127.0.0.1 only, with a database and a role of its
 * own for the application and a random password.
 *
 * <p>The folder belongs to it: a second start finds the rows of the first, also when that one or its JVM
 * was killed (what still runs on the folder is ended first). It ends with the JVM unless that is killed.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final DatabaseFolder folder;
    private final Process process;
    private final Thread endWithJvm;

    private EmbeddedDatabase(DatabaseFolder folder, Process process) {
        this.folder = folder;
        this.process = process;
        this.endWithJvm = new Thread(() -> stop(process), "database-stop");
    }

    /** Starts on the port that the folder remembers, or on a free one; returns when it answers. */
    public static EmbeddedDatabase start(Path dir) {
        DatabaseFolder folder = DatabaseFolder.prepare(dir);
        Path log = dir.resolve("postgres.log");
        try {
            Process process = new ProcessBuilder(folder.command())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            EmbeddedDatabase database = new EmbeddedDatabase(folder, process);
            Runtime.getRuntime().addShutdownHook(database.endWithJvm);
            long deadline = System.nanoTime() + START_LIMIT.toNanos();
            while (!folder.ready()) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    database.close();
                    throw new IllegalStateException("PostgreSQL did not start: " + lastLines(log));
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            return database;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start PostgreSQL in " + dir, e);
        }
    }

    public String jdbcUrl() {
        return folder.jdbcUrl();
    }

    public String host() {
        return DatabaseFolder.HOST;
    }

    public int port() {
        return folder.port();
    }

    public String database() {
        return DatabaseFolder.DATABASE;
    }

    /** The application's role: owner of its database, no superuser. */
    public String user() {
        return DatabaseFolder.USER;
    }

    public String password() {
        return folder.password();
    }

    /** The postmaster's process, for tests that kill it. */
    public ProcessHandle process() {
        return process.toHandle();
    }

    /** Ends open sessions, writes a checkpoint and stops. The rows stay in the folder. */
    @Override
    public void close() {
        stop(process);
        try {
            Runtime.getRuntime().removeShutdownHook(endWithJvm);
        } catch (IllegalStateException e) {
            // The JVM is ending already and the hook does the same.
        }
    }

    private static void stop(Process process) {
        if (!process.isAlive()) {
            return;
        }
        boolean ended = false;
        try {
            // SIGTERM would wait for the clients to go by themselves.
            new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start();
            ended = process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (IOException e) {
            // No shell: killing is safe too, the next start recovers from the log.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            process.destroyForcibly();
        }
    }

    private static String lastLines(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }
}
