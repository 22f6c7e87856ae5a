package io.tidemark.store.stack;

import io.tidemark.local.database.EmbeddedDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * A database whose tables lie on a file system of 48 MB that can be filled; its log of changes lies elsewhere.
 *
 * <p>A process of its own in a mount namespace of its own, so it needs user namespaces; the host sees nothing.
 */
public final class SmallDisk implements AutoCloseable {
    private static final String MEGABYTES = "48";

    private final Process process;
    private final BufferedReader answers;
    private final Writer orders;
    private final String url;

    private SmallDisk(Process process) throws IOException {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.orders = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        this.url = answer("READY ");
    }

    /** Whether this machine lets an ordinary process mount a file system for itself. */
    public static boolean isPossible() throws Exception {
        Process tried = new ProcessBuilder("unshare", "-Urm", "mount", "-t", "tmpfs", "tmpfs", "/mnt")
                .redirectErrorStream(true)
                .start();
        return tried.waitFor(20, TimeUnit.SECONDS) && tried.exitValue() == 0;
    }

    public static SmallDisk start(Path dir) throws IOException {
        Path small = Files.createDirectories(dir.resolve("small"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String script = "mount -t tmpfs -o size=" + MEGABYTES + "m,mode=700 tmpfs \"$0\" && exec \"$@\"";
        return new SmallDisk(new ProcessBuilder(
                        "unshare",
                        "-Urm",
                        "sh",
                        "-c",
                        script,
                        small.toString(),
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallDisk.class.getName(),
                        dir.toString())
                .redirectError(dir.resolve("small-disk.log").toFile())
                .start());
    }

    private String answer(String expected) throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(expected)) {
                return line.substring(expected.length());
            }
        }
        throw new IOException("no " + expected + "from the small disk's process");
    }

    /** As DATABASE_URL. */
    public String url() {
        return url;
    }

    public void fill() throws IOException {
        order("fill", "FULL");
    }

    public void free() throws IOException {
        order("free", "FREE");
    }

    private void order(String order, String expected) throws IOException {
        orders.write(order + "\n");
        orders.flush();
        answer(expected);
    }

    @Override
    public void close() throws IOException {
        orders.close();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public static void main(String... args) throws Exception {
        Path dir = Path.of(args[0]);
        Path ballast = dir.resolve("small").resolve("ballast");
        Path home = Files.createDirectories(dir.resolve("on-small"));
        try (EmbeddedDatabase database = EmbeddedDatabase.start(home)) {
            Properties credentials = new Properties();
            try (BufferedReader in = Files.newBufferedReader(home.resolve("credentials.properties"))) {
                credentials.load(in);
            }
            Path space = Files.createDirectories(dir.resolve("small").resolve("space"));
            try (Connection superuser = DriverManager.getConnection(
                            database.jdbcUrl(), "postgres", credentials.getProperty("superuser-password"));
                    Statement statement = superuser.createStatement()) {
                statement.execute("CREATE TABLESPACE small OWNER " + database.user() + " LOCATION '" + space + "'");
                statement.execute("ALTER ROLE " + database.user() + " SET default_tablespace = 'small'");
            }
            System.out.println("READY postgresql://" + database.user() + ":" + database.password() + "@"
                    + database.host() + ":" + database.port() + "/" + database.database());
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String order = in.readLine(); order != null; order = in.readLine()) {
                if (order.equals("fill")) {
                    fill(ballast);
                    System.out.println("FULL");
                } else {
                    Files.delete(ballast);
                    System.out.println("FREE");
                }
            }
        }
    }

    private static void fill(Path ballast) throws IOException {
        List<byte[]> sizes = List.of(new byte[1 << 20], new byte[4096], new byte[1]);
        try (OutputStream out = Files.newOutputStream(ballast)) {
            for (byte[] block : sizes) {
                try {
                    while (true) {
                        out.write(block);
                    }
                } catch (IOException e) {
                    // Nothing of this size fits any more.
                }
            }
        }
    }
}
