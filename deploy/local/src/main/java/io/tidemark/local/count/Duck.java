package io.tidemark.local.count;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** DuckDB in memory: the independent reader of Tidemark's Parquet files. */
final class Duck implements AutoCloseable {
    private final Connection connection;

    Duck() {
        try {
            connection = DriverManager.getConnection("jdbc:duckdb:");
            execute("SET memory_limit = '512MB'");
            execute("SET threads = 2");
            execute("SET TimeZone = 'UTC'");
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not start", e);
        }
    }

    /** One row of numbers. */
    long[] numbers(String sql, int columns) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            long[] values = new long[columns];
            for (int i = 0; i < columns; i++) {
                values[i] = rows.getLong(i + 1);
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB cannot answer: " + sql, e);
        }
    }

    /** Rows of texts; an SQL null is the text {@code null}. */
    List<List<String>> texts(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            int columns = rows.getMetaData().getColumnCount();
            List<List<String>> all = new ArrayList<>();
            while (rows.next()) {
                List<String> row = new ArrayList<>(columns);
                for (int i = 1; i <= columns; i++) {
                    row.add(String.valueOf(rows.getString(i)));
                }
                all.add(row);
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB cannot answer: " + sql, e);
        }
    }

    /** A table function over exactly these files; names in their folders stay names. */
    static String files(Collection<Path> files) {
        return files.stream()
                .map(file -> "'" + file.toString().replace("'", "''") + "'")
                .sorted()
                .collect(Collectors.joining(", ", "read_parquet([", "], hive_partitioning = false)"));
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
