package io.tidemark.lake.flight;

import io.tidemark.lake.flight.LakeViews.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBResultSet;

/**
 * DuckDB over the files of one sealed generation, and over nothing else.
 *
 * <p>The views are written to a catalogue file, which is then opened read-only: with exactly the generation's
 * files as the paths that may be opened at all, no extensions, and settings that cannot be changed any more. This
 * is the second line behind {@link SqlGuard}: even a statement that should not have passed finds no way out.
 */
final class LakeEngine implements AutoCloseable {
    static final String CATALOG = "lake";
    static final String SCHEMA = "main";

    private final long generation;
    private final long liveVersion;
    private final SealedFiles.State state;
    private final Path empty;
    private final List<Column> columns;
    private final Path folder;
    private final DuckDBConnection root;
    private final SqlGuard guard;
    private final Map<String, Schema> tables;

    private LakeEngine(
            SealedFiles.State state,
            Path empty,
            List<Column> columns,
            Path folder,
            DuckDBConnection root,
            SqlGuard guard,
            Map<String, Schema> tables) {
        this.generation = state.generation();
        this.liveVersion = state.liveVersion();
        this.state = state;
        this.empty = empty;
        this.columns = columns;
        this.folder = folder;
        this.root = root;
        this.guard = guard;
        this.tables = tables;
    }

    /** Makes its own folder, which must not exist yet and is removed by {@link #close}. */
    static LakeEngine open(SealedFiles lake, Path folder, FlightOptions.Limits limits, BufferAllocator allocator)
            throws IOException, SQLException {
        SealedFiles.State state = lake.current();
        Files.createDirectories(folder);
        try {
            Path empty = folder.resolve("empty.parquet");
            lake.writeEmptyFile(empty);
            // The empty file stands first: the types of the columns come from it.
            List<Path> files = new ArrayList<>();
            files.add(empty);
            files.addAll(state.files());
            List<Path> live = new ArrayList<>();
            live.add(empty);
            live.addAll(state.live());
            Path catalogue = folder.resolve(CATALOG + ".duckdb");
            Shape shape = writeCatalogue(catalogue, empty, files, live, allocator);
            List<Path> allowed = new ArrayList<>(files);
            allowed.addAll(state.live());
            DuckDBConnection root = openLocked(catalogue, allowed, folder.resolve("spill"), limits);
            SqlGuard guard = new SqlGuard(CATALOG, SCHEMA, LakeViews.names());
            return new LakeEngine(state, empty, shape.columns(), folder, root, guard, shape.tables());
        } catch (IOException | SQLException | RuntimeException e) {
            WorkFolder.remove(folder);
            throw e;
        }
    }

    long generation() {
        return generation;
    }

    long liveVersion() {
        return liveVersion;
    }

    SqlGuard guard() {
        return guard;
    }

    /** The views and their columns, by name and in its order. */
    Map<String, Schema> tables() {
        return tables;
    }

    /** A connection for one query; the caller closes it. */
    DuckDBConnection connect() throws SQLException {
        return (DuckDBConnection) root.duplicate();
    }

    /**
     * Lets a connection see of each view only the files that may hold what its statement can want. Within a file
     * the times are compared as they are stored, which skips row groups; the view's own times are converted ones.
     */
    void narrow(DuckDBConnection connection, Map<String, Reach> reaches) throws SQLException {
        if (reaches.isEmpty()) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            for (Map.Entry<String, Reach> wanted : reaches.entrySet()) {
                statement.execute(LakeViews.temporary(wanted.getKey(), narrowed(wanted), columns));
            }
        }
    }

    private String narrowed(Map.Entry<String, Reach> wanted) {
        Reach reach = wanted.getValue();
        List<Path> files = new ArrayList<>();
        files.add(empty);
        for (Path file : wanted.getKey().startsWith(LakeViews.LIVE) ? state.live() : state.files()) {
            SealedFiles.Extent extent = state.extents().get(file);
            if (extent == null || reach.touches(extent)) {
                files.add(file);
            }
        }
        String conditions = reach.restrictsTime()
                ? " WHERE event_time >= " + instant(reach.from()) + " AND event_time <= " + instant(reach.to())
                : "";
        return "(SELECT * FROM " + relation(files) + conditions + ")";
    }

    private static String instant(long nanos) {
        // The ends of the type's own range stand for infinities and must not be written.
        long inside = Math.max(-Long.MAX_VALUE + 2, Math.min(Long.MAX_VALUE - 2, nanos));
        return "CAST(make_timestamp_ns(" + inside + ") AS TIMESTAMPTZ_NS)";
    }

    @Override
    public void close() throws SQLException, IOException {
        try {
            root.close();
        } finally {
            WorkFolder.remove(folder);
        }
    }

    /** What a catalogue's views look like. */
    private record Shape(List<Column> columns, Map<String, Schema> tables) {}

    /**
     * Each statement that makes or describes a view looks at all the files that it names. So they are made over the
     * empty file, which gives the types, and at the end the two that all others are made of get their files.
     */
    private static Shape writeCatalogue(
            Path catalogue, Path empty, List<Path> files, List<Path> live, BufferAllocator allocator)
            throws SQLException, IOException {
        String none = relation(List.of(empty));
        try (DuckDBConnection connection =
                        DriverManager.getConnection("jdbc:duckdb:" + catalogue).unwrap(DuckDBConnection.class);
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            List<Column> columns = describe(statement, none);
            for (String view : LakeViews.statements(none, none, columns)) {
                statement.execute(view);
            }
            Map<String, Schema> tables = schemas(connection, allocator);
            statement.execute(LakeViews.replacement(LakeViews.ALL, relation(files), columns));
            statement.execute(LakeViews.replacement(LakeViews.LIVE, relation(live), columns));
            return new Shape(columns, tables);
        }
    }

    private static String relation(List<Path> files) {
        return "read_parquet(" + list(files) + ", hive_partitioning = false)";
    }

    private static DuckDBConnection openLocked(
            Path catalogue, List<Path> files, Path spill, FlightOptions.Limits limits) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("access_mode", "READ_ONLY");
        settings.setProperty("jdbc_stream_results", "true");
        settings.setProperty("threads", Integer.toString(limits.threads()));
        settings.setProperty("memory_limit", limits.engineMemory() + "B");
        settings.setProperty("autoload_known_extensions", "false");
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("allow_community_extensions", "false");
        settings.setProperty("allow_unsigned_extensions", "false");
        settings.setProperty("allow_persistent_secrets", "false");
        DuckDBConnection root = DriverManager.getConnection("jdbc:duckdb:" + catalogue, settings)
                .unwrap(DuckDBConnection.class);
        try (Statement statement = root.createStatement()) {
            statement.execute("SET GLOBAL TimeZone = 'UTC'");
            statement.execute("SET GLOBAL temp_directory = " + literal(spill.toString()));
            statement.execute("SET GLOBAL max_temp_directory_size = '" + limits.spill() + "B'");
            statement.execute("SET GLOBAL parquet_metadata_cache = true");
            statement.execute("SET GLOBAL allowed_paths = " + list(files));
            statement.execute("SET GLOBAL enable_external_access = false");
            statement.execute("SET GLOBAL lock_configuration = true");
            return root;
        } catch (SQLException e) {
            root.close();
            throw e;
        }
    }

    private static Map<String, Schema> schemas(DuckDBConnection connection, BufferAllocator allocator)
            throws SQLException, IOException {
        Map<String, Schema> tables = new TreeMap<>();
        try (Statement statement = connection.createStatement()) {
            List<Field> exact = fields(statement, LakeViews.ALL, allocator);
            List<Field> approximate = fields(statement, LakeViews.ALL + LakeViews.TWIN, allocator);
            for (String view : LakeViews.names()) {
                List<Field> all = view.endsWith(LakeViews.TWIN) ? approximate : exact;
                tables.put(
                        view,
                        new Schema(all.stream()
                                .filter(field -> LakeViews.holds(view, field.getName()))
                                .map(field -> ArrowColumns.described(field, field.getName(), view))
                                .toList()));
            }
        }
        return tables;
    }

    private static List<Field> fields(Statement statement, String view, BufferAllocator allocator)
            throws SQLException, IOException {
        try (DuckDBResultSet rows = statement
                        .executeQuery("SELECT * FROM " + view + " LIMIT 0")
                        .unwrap(DuckDBResultSet.class);
                ArrowReader reader = (ArrowReader) rows.arrowExportStream(allocator, 1)) {
            return reader.getVectorSchemaRoot().getSchema().getFields();
        }
    }

    private static List<Column> describe(Statement statement, String relation) throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("DESCRIBE SELECT * FROM " + relation)) {
            while (rows.next()) {
                columns.add(new Column(rows.getString("column_name"), rows.getString("column_type")));
            }
        }
        return List.copyOf(columns);
    }

    private static String list(List<Path> files) {
        return files.stream().map(file -> literal(file.toString())).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
