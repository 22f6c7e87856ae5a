package io.tidemark.store.migrate;

import io.tidemark.store.database.JdbcAccess;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A schema of its own in somebody's database, with this version's tables in it, that goes away afterwards.
 *
 * <p>A lock marks it as being used; what a killed process left behind is removed by the next one. The same
 * migrations as everywhere, run here one after the other: Flyway finds them only with the service around it.
 */
public final class ScratchSchema implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String PREFIX = "tidemark_verify_";
    private static final String PLACE = "db/migration/";
    private static final Pattern FILE = Pattern.compile("V(\\d+)__\\w+\\.sql");

    private final Connection owner;
    private final String name;

    private ScratchSchema(Connection owner, String name) {
        this.owner = owner;
        this.name = name;
    }

    /** Makes it; {@code tenant} as in the service's own migrations. */
    public static ScratchSchema create(JdbcAccess access, String tenant) throws SQLException, IOException {
        String name = PREFIX + UUID.randomUUID().toString().replace("-", "");
        Connection owner = access.open(LIMIT);
        try (Statement statement = owner.createStatement()) {
            removeOld(statement);
            lock(statement, name);
            statement.execute("CREATE SCHEMA " + name);
            statement.execute("SET search_path = " + name);
            for (String sql : migrations().values()) {
                statement.execute(sql.replace("${tenant}", tenant));
            }
            return new ScratchSchema(owner, name);
        } catch (SQLException | IOException e) {
            owner.close();
            throw e;
        }
    }

    public String name() {
        return name;
    }

    private static boolean lock(Statement statement, String name) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT pg_try_advisory_lock(hashtext('tidemark_verify'), hashtext('" + name + "'))")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static void removeOld(Statement statement) throws SQLException {
        List<String> left = new ArrayList<>();
        try (ResultSet row = statement.executeQuery("SELECT nspname FROM pg_namespace WHERE nspname ~ '^" + PREFIX
                + "[0-9a-f]{32}$' AND pg_has_role(nspowner, 'USAGE')")) {
            while (row.next()) {
                left.add(row.getString(1));
            }
        }
        for (String old : left) {
            if (lock(statement, old)) {
                statement.execute("DROP SCHEMA " + old + " CASCADE");
            }
        }
    }

    /** By version. */
    private static Map<Integer, String> migrations() throws IOException {
        ClassLoader loader = ScratchSchema.class.getClassLoader();
        URL first = loader.getResource(PLACE + "V1__store.sql");
        if (first == null) {
            throw new IOException("the migrations are missing in this installation");
        }
        List<String> names = new ArrayList<>();
        URLConnection connection = first.openConnection();
        if (connection instanceof JarURLConnection jar) {
            jar.setUseCaches(false);
            try (JarFile file = jar.getJarFile()) {
                file.stream()
                        .map(JarEntry::getName)
                        .filter(entry -> entry.startsWith(PLACE))
                        .forEach(names::add);
            }
        } else {
            try (var files =
                    Files.list(Path.of(first.getPath()).toAbsolutePath().getParent())) {
                files.forEach(file -> names.add(PLACE + file.getFileName()));
            }
        }
        Map<Integer, String> found = new TreeMap<>(Comparator.naturalOrder());
        for (String entry : names) {
            Matcher matcher = FILE.matcher(entry.substring(PLACE.length()));
            if (matcher.matches()) {
                try (InputStream in = loader.getResourceAsStream(entry)) {
                    if (in == null) {
                        throw new IOException("cannot read " + entry);
                    }
                    found.put(
                            Integer.parseInt(matcher.group(1)), new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return found;
    }

    /** Removes it with everything in it. */
    @Override
    public void close() throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute("DROP SCHEMA " + name + " CASCADE");
        } finally {
            owner.close();
        }
    }
}
