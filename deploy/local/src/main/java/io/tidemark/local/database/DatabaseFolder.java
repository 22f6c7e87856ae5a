package io.tidemark.local.database;

import io.tidemark.local.port.Ports;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * One PostgreSQL cluster in a folder: its programs, its passwords, its command line.
 *
 * <p>The server listens on 127.0.0.1 only, asks for a password (SCRAM) and syncs to disk as in
 * production. The folder can be used again after the server was killed: {@link #clearLeftovers} waits for
 * what a killed postmaster left behind. Who starts and watches the process is left to the caller:
 * {@link EmbeddedDatabase} in tests, the launcher's supervisor otherwise.
 */
public final class DatabaseFolder {
    public static final String HOST = "127.0.0.1";
    public static final String DATABASE = "tidemark";
    public static final String USER = "tidemark";

    private static final String SUPERUSER = "postgres";
    private static final Duration INITDB_LIMIT = Duration.ofMinutes(2);
    private static final Duration LEFTOVER_LIMIT = Duration.ofSeconds(10);

    private final Path data;
    private final Path home;
    private final int port;
    private final String superuserPassword;
    private final String password;

    private DatabaseFolder(Path data, Path home, int port, String superuserPassword, String password) {
        this.data = data;
        this.home = home;
        this.port = port;
        this.superuserPassword = superuserPassword;
        this.password = password;
    }

    /** Creates the cluster if the folder has none; the port is the remembered one, or a free one. */
    public static DatabaseFolder prepare(Path dir) {
        return prepare(dir, 0);
    }

    /** Creates the cluster if the folder has none; port 0 means the remembered one, or a free one. */
    public static DatabaseFolder prepare(Path dir, int port) {
        try {
            Files.createDirectories(dir);
            Path real = dir.toRealPath();
            Path home = PostgresBinaries.unpacked(real);
            Path file = real.resolve("credentials.properties");
            Properties kept = readIfThere(file);
            String superuserPassword = kept.getProperty("superuser-password", newPassword());
            String password = kept.getProperty("password", newPassword());
            stop(ownProcesses(real.resolve("data")));
            int remembered = Integer.parseInt(kept.getProperty("port", "0"));
            int chosen = port != 0 ? port : remembered != 0 && Ports.isFree(remembered) ? remembered : Ports.free();
            kept.setProperty("superuser-password", superuserPassword);
            kept.setProperty("password", password);
            kept.setProperty("port", Integer.toString(chosen));
            write(file, kept);
            DatabaseFolder folder = new DatabaseFolder(real.resolve("data"), home, chosen, superuserPassword, password);
            folder.initialise(real);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare the database's folder " + dir, e);
        }
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://" + HOST + ":" + port + "/" + DATABASE;
    }

    public int port() {
        return port;
    }

    public String password() {
        return password;
    }

    /** The server's command line; the process it starts is the postmaster itself. SIGINT stops it in order. */
    public List<String> command() {
        return asOrdinaryUser(
                List.of(home.resolve("bin/postgres").toString(), "-D", data.toString(), "-p", Integer.toString(port)));
    }

    /**
     * Waits until no process of an earlier server uses the folder. The children of a killed postmaster end
     * by themselves within moments, and a new one refuses to start before; what does not end is killed.
     */
    public void clearLeftovers() {
        long deadline = System.nanoTime() + LEFTOVER_LIMIT.toNanos();
        List<ProcessHandle> left = ownProcesses(data);
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            left = ownProcesses(data);
        }
        stop(left);
    }

    /** Whether the server answers; creates the application's role and database when they are not there yet. */
    public boolean ready() {
        try (Connection connection = superuser();
                Statement statement = connection.createStatement()) {
            if (!exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", USER)) {
                statement.execute("CREATE ROLE " + USER + " LOGIN PASSWORD '" + password + "'");
            }
            if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", DATABASE)) {
                statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + USER);
            }
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private Connection superuser() throws SQLException {
        return asSuperuser("postgres");
    }

    /** A connection to the application's database that sees every tenant's rows; for counting and repair. */
    public Connection asSuperuser() throws SQLException {
        return asSuperuser(DATABASE);
    }

    private Connection asSuperuser(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", SUPERUSER);
        properties.setProperty("password", superuserPassword);
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("socketTimeout", "20");
        return DriverManager.getConnection("jdbc:postgresql://" + HOST + ":" + port + "/" + database, properties);
    }

    private static boolean exists(Connection connection, String sql, String name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, name);
            return query.executeQuery().next();
        }
    }

    /** initdb writes into a folder of its own that becomes {@code data} by rename: half a cluster is never used. */
    private void initialise(Path dir) throws IOException {
        if (Files.exists(data.resolve("PG_VERSION"))) {
            return;
        }
        Path fresh = dir.resolve("data.new");
        PostgresBinaries.deleteTree(fresh);
        Path secret = dir.resolve("initdb.password");
        Files.deleteIfExists(secret);
        Files.createFile(secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, superuserPassword);
        try {
            run(
                    asOrdinaryUser(List.of(
                            home.resolve("bin/initdb").toString(),
                            "-D",
                            fresh.toString(),
                            "-U",
                            SUPERUSER,
                            "--encoding=UTF8",
                            "--locale=C",
                            "--auth=scram-sha-256",
                            "--pwfile=" + secret,
                            "--no-instructions")),
                    dir.resolve("initdb.log"));
        } finally {
            Files.deleteIfExists(secret);
        }
        Files.writeString(fresh.resolve("postgresql.conf"), """
                listen_addresses = '127.0.0.1'
                unix_socket_directories = ''
                password_encryption = 'scram-sha-256'
                max_connections = 60
                shared_buffers = 64MB
                fsync = on
                synchronous_commit = on
                full_page_writes = on
                timezone = 'UTC'
                log_timezone = 'UTC'
                datestyle = 'iso, ymd'
                """);
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /** PostgreSQL refuses to run as root; in a user namespace without a mapping root is nobody. */
    private static List<String> asOrdinaryUser(List<String> command) {
        if (!isRoot()) {
            return command;
        }
        List<String> wrapped = new ArrayList<>(List.of("unshare", "-U"));
        wrapped.addAll(command);
        return List.copyOf(wrapped);
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            return false;
        }
    }

    private static void run(List<String> command, Path log) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(INITDB_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("initdb did not end within " + INITDB_LIMIT.toSeconds() + " s; see " + log);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the database was being created", e);
        }
        if (process.exitValue() != 0) {
            String said = Files.readString(log).strip();
            String hint = said.contains("unshare")
                    ? " (PostgreSQL does not run as root, and this machine allows no user namespace:"
                            + " start as an ordinary user)"
                    : "";
            throw new IOException("initdb failed" + hint + ": " + said);
        }
    }

    /** A server's processes all stand in its data folder, whatever they call themselves. */
    private static List<ProcessHandle> ownProcesses(Path data) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(process -> standsIn(process, data)).toList();
        }
    }

    private static boolean standsIn(ProcessHandle process, Path data) {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        try {
            return Files.readSymbolicLink(proc.resolve("cwd")).equals(data)
                    && Files.readString(proc.resolve("comm")).startsWith("postgres");
        } catch (IOException | SecurityException e) {
            return false;
        }
    }

    private static void stop(List<ProcessHandle> processes) {
        for (ProcessHandle process : processes) {
            process.destroyForcibly();
        }
        long deadline = System.nanoTime() + LEFTOVER_LIMIT.toNanos();
        while (processes.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static Properties readIfThere(Path file) throws IOException {
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
        }
        return properties;
    }

    private static void write(Path file, Properties properties) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (Writer writer = Files.newBufferedWriter(temporary)) {
            properties.store(writer, null);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String newPassword() {
        byte[] random = new byte[18];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
