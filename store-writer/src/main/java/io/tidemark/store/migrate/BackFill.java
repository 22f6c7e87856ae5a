package io.tidemark.store.migrate;

import io.tidemark.store.database.JdbcAccess;
import io.tidemark.store.mode.BarTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Fills one bar table from the other, over a range of time, beside running writers.
 *
 * <p>How far it is stands in {@code store_backfill}, written in the transaction of the rows: whatever ends it,
 * the next run of the same direction and range goes on behind the last committed key. One at a time.
 */
public final class BackFill {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final long LOCK = 0x7469_6465_6669_6c6cL;
    private static final int CHUNK = 5_000;

    private final JdbcAccess access;

    public BackFill(JdbcAccess access) {
        this.access = access;
    }

    /** Somebody else copies at this moment. */
    public static final class Busy extends Exception {
        private static final long serialVersionUID = 1L;

        Busy() {
            super("another back-fill is running on this database", null, false, false);
        }
    }

    /** What it did, over all runs of it. */
    public record Done(long id, boolean resumed, long read, long written) {}

    private record Begun(long id, boolean resumed, @Nullable Instant part, BarCopy.Key after) {}

    /** {@code source} is read, the other table written; {@code progress} is told after each step. */
    public Done run(BarTable source, Instant lower, Instant upper, Pace pace, Consumer<String> progress)
            throws SQLException, InterruptedException, Busy {
        try (Connection connection = access.open(LIMIT)) {
            lock(connection);
            Begun begun = begin(connection, source, lower, upper);
            CopyRun run =
                    new CopyRun(connection, source, new BarCopy(source, false, CHUNK), pace, (inside, pair, step) -> {
                        note(inside, begun.id, pair, step);
                        if (step.last() != null) {
                            progress.accept("back-fill " + begun.id + " is at "
                                    + step.last().ts() + " of " + step.last().symbol());
                        }
                    });
            run.run(lower, upper, begun.part == null ? Instant.MIN : begun.part, begun.after);
            return finish(connection, begun);
        }
    }

    private static void lock(Connection connection) throws SQLException, Busy {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_try_advisory_lock(" + LOCK + ")")) {
            row.next();
            if (!row.getBoolean(1)) {
                throw new Busy();
            }
        }
    }

    private static Begun begin(Connection connection, BarTable source, Instant lower, Instant upper)
            throws SQLException {
        String direction = source + "_TO_" + source.other();
        String unfinished = "SELECT id, part_lower, last_key->>0, last_key->>1, last_key->>2, last_key->>3,"
                + " (last_key->>4)::timestamptz FROM store_backfill"
                + " WHERE direction = ? AND from_ts = ? AND to_ts = ? AND finished_at IS NULL ORDER BY id DESC LIMIT 1";
        try (PreparedStatement statement = connection.prepareStatement(unfinished)) {
            bind(statement, direction, lower, upper);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    OffsetDateTime part = row.getObject(2, OffsetDateTime.class);
                    BarCopy.Key after = row.getString(3) == null
                            ? BarCopy.Key.FIRST
                            : new BarCopy.Key(
                                    row.getString(3),
                                    row.getString(4),
                                    row.getString(5),
                                    row.getString(6),
                                    row.getObject(7, OffsetDateTime.class).toInstant());
                    return new Begun(row.getLong(1), true, part == null ? null : part.toInstant(), after);
                }
            }
        }
        String made = "INSERT INTO store_backfill (direction, from_ts, to_ts) VALUES (?, ?, ?) RETURNING id";
        try (PreparedStatement statement = connection.prepareStatement(made)) {
            bind(statement, direction, lower, upper);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Begun(row.getLong(1), false, null, BarCopy.Key.FIRST);
            }
        }
    }

    private static void bind(PreparedStatement statement, String direction, Instant lower, Instant upper)
            throws SQLException {
        statement.setString(1, direction);
        statement.setObject(2, lower.atOffset(ZoneOffset.UTC));
        statement.setObject(3, upper.atOffset(ZoneOffset.UTC));
    }

    private static void note(Connection connection, long id, PartitionPair pair, BarCopy.Step step)
            throws SQLException {
        BarCopy.Key last = step.last();
        if (last == null) {
            return;
        }
        String sql = "UPDATE store_backfill SET part_lower = ?,"
                + " last_key = jsonb_build_array(?::text, ?::text, ?::text, ?::text, ?::timestamptz),"
                + " rows_read = rows_read + ?, rows_written = rows_written + ?, updated_at = now() WHERE id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, pair.lower().atOffset(ZoneOffset.UTC));
            statement.setString(2, last.tenant());
            statement.setString(3, last.vendor());
            statement.setString(4, last.symbol());
            statement.setString(5, last.timeframe());
            statement.setObject(6, last.ts().atOffset(ZoneOffset.UTC));
            statement.setLong(7, step.read());
            statement.setLong(8, step.written());
            statement.setLong(9, id);
            statement.executeUpdate();
        }
    }

    private static Done finish(Connection connection, Begun begun) throws SQLException {
        String sql = "UPDATE store_backfill SET finished_at = now(), updated_at = now() WHERE id = ?"
                + " RETURNING rows_read, rows_written";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, begun.id);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Done(begun.id, begun.resumed, row.getLong(1), row.getLong(2));
            }
        }
    }
}
