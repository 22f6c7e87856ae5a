package io.tidemark.store.mode;

import io.tidemark.store.database.Tx;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the shadow table lacks what the primary has: written in the transaction of the batch, closed by a repair.
 *
 * <p>A fault that lasts is one row that grows, not one row per batch.
 */
public final class Divergences {
    private static final int LONGEST_REASON = 500;
    private static final String EXTEND = """
            UPDATE store_divergence SET last_offset = $5, rows_missing = rows_missing + $6, batches = batches + 1,
                first_ts = CASE WHEN first_ts IS NULL OR $9::timestamptz IS NULL THEN NULL ELSE least(first_ts, $9) END,
                last_ts = CASE WHEN last_ts IS NULL OR $10::timestamptz IS NULL THEN NULL ELSE greatest(last_ts, $10) END,
                reason = $8, updated_at = now()
            WHERE id = (SELECT max(id) FROM store_divergence
                WHERE sink = $1 AND topic = $2 AND partition_no = $3 AND repaired_at IS NULL)
                AND last_offset = $4::bigint - 1 AND sqlstate = $7
            """;
    private static final String INSERT = """
            INSERT INTO store_divergence (sink, topic, partition_no, first_offset, last_offset, rows_missing,
                sqlstate, reason, first_ts, last_ts)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """;

    private Divergences() {}

    /**
     * Offsets that one table lacks.
     *
     * @param first time of the earliest missing row; null when not known
     */
    public record Range(
            long id,
            String sink,
            String topic,
            int partition,
            long firstOffset,
            long lastOffset,
            int rows,
            int batches,
            String sqlState,
            String reason,
            @Nullable Instant first,
            @Nullable Instant last,
            @Nullable Instant repaired) {}

    /** Adds to the offset transaction that {@code sink} lacks these rows. */
    public static void record(Tx tx, Range range) {
        String reason =
                range.reason.length() <= LONGEST_REASON ? range.reason : range.reason.substring(0, LONGEST_REASON);
        Tuple arguments = Tuple.wrap(new @Nullable Object[] {
            range.sink,
            range.topic,
            range.partition,
            range.firstOffset,
            range.lastOffset,
            range.rows,
            range.sqlState,
            reason,
            utc(range.first),
            utc(range.last)
        });
        if (tx.run(EXTEND, arguments).rowCount() == 0) {
            tx.run(INSERT, arguments);
        }
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    /** How many are not repaired. */
    public static long open(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT count(*) FROM store_divergence WHERE repaired_at IS NULL")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The latest, open ones first. */
    public static List<Range> list(Connection connection, boolean onlyOpen, int most) throws SQLException {
        String sql = "SELECT id, sink, topic, partition_no, first_offset, last_offset, rows_missing, batches,"
                + " sqlstate, reason, first_ts, last_ts, repaired_at FROM store_divergence"
                + (onlyOpen ? " WHERE repaired_at IS NULL" : "")
                + " ORDER BY repaired_at IS NULL DESC, id DESC LIMIT ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, most);
            List<Range> ranges = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ranges.add(new Range(
                            row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            row.getInt(4),
                            row.getLong(5),
                            row.getLong(6),
                            row.getInt(7),
                            row.getInt(8),
                            row.getString(9),
                            row.getString(10),
                            instant(row, 11),
                            instant(row, 12),
                            instant(row, 13)));
                }
            }
            return ranges;
        }
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /** Closes those that a repair began with, but not one that has grown since; returns how many. */
    public static int repaired(Connection connection, List<Range> ranges) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("UPDATE store_divergence SET repaired_at = now()"
                + " WHERE repaired_at IS NULL AND id = ? AND batches = ?")) {
            int closed = 0;
            for (Range range : ranges) {
                statement.setLong(1, range.id);
                statement.setInt(2, range.batches);
                closed += statement.executeUpdate();
            }
            return closed;
        }
    }
}
