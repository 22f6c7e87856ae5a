package io.tidemark.store.migrate;

import io.tidemark.store.mode.BarTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of both bar tables for one stretch of time; one of them may be missing, which means no rows.
 *
 * @param lower included
 * @param upper excluded
 */
public record PartitionPair(
        Instant lower,
        Instant upper,
        @Nullable String legacy,
        @Nullable String provider) {

    private record Bounds(Instant lower, Instant upper) implements Comparable<Bounds> {
        @Override
        public int compareTo(Bounds other) {
            int order = lower.compareTo(other.lower);
            return order == 0 ? upper.compareTo(other.upper) : order;
        }
    }

    public @Nullable String of(BarTable table) {
        return table == BarTable.LEGACY ? legacy : provider;
    }

    /** Those that hold times of the range, in order, each opened for rows of every tenant. */
    public static List<PartitionPair> open(Connection connection, Instant from, Instant to) throws SQLException {
        Map<Bounds, Map<BarTable, String>> found = new TreeMap<>();
        String sql = "SELECT lower_ts, upper_ts, partition_name FROM tidemark_partitions"
                + " WHERE table_name = ? AND upper_ts > ? AND lower_ts < ?";
        for (BarTable table : BarTable.values()) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, table.table());
                statement.setObject(2, from.atOffset(ZoneOffset.UTC));
                statement.setObject(3, to.atOffset(ZoneOffset.UTC));
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        Bounds bounds = new Bounds(instant(row, 1), instant(row, 2));
                        found.computeIfAbsent(bounds, ignored -> new TreeMap<>())
                                .put(table, row.getString(3));
                    }
                }
            }
        }
        List<PartitionPair> pairs = new ArrayList<>();
        for (Map.Entry<Bounds, Map<BarTable, String>> entry : found.entrySet()) {
            for (String name : entry.getValue().values()) {
                openForAll(connection, name);
            }
            pairs.add(new PartitionPair(
                    entry.getKey().lower,
                    entry.getKey().upper,
                    entry.getValue().get(BarTable.LEGACY),
                    entry.getValue().get(BarTable.PROVIDER)));
        }
        return pairs;
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static void openForAll(Connection connection, String partition) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT tidemark_open_partition(?)")) {
            statement.setString(1, partition);
            statement.execute();
        }
    }

    /** A name of the catalog as an identifier. */
    public static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
