package io.tidemark.store.deadletter;

import io.tidemark.store.database.JdbcAccess;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sees of the dead letters and decides about them; used by admin endpoints and commands.
 *
 * <p>A replay is only wished for here: the next running writer sends the original bytes to the topic they came
 * from. Sent twice or not, they make one row, for rows are decided by their key; a record that is still poison
 * becomes a letter of its own.
 */
public final class LetterBox {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String COLUMNS = "id, topic, partition_no, record_offset, reason, detail,"
            + " coalesce(length(record_value), 0), created_at, published_at, replay_wanted_at, replayed_at, replays,"
            + " dropped_at";

    private final JdbcAccess access;

    public LetterBox(JdbcAccess access) {
        this.access = access;
    }

    /** What may be asked for; an absent part is no condition. */
    public record Filter(@Nullable String topic, @Nullable String reason, boolean dropped, long afterId, int most) {}

    /** A letter without its bytes. */
    public record Letter(
            long id,
            String topic,
            int partition,
            long offset,
            String reason,
            String detail,
            int bytes,
            Instant created,
            @Nullable Instant published,
            @Nullable Instant replayWanted,
            @Nullable Instant replayed,
            int replays,
            @Nullable Instant dropped) {}

    /** The original record. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Bytes(Letter letter, byte @Nullable [] key, byte @Nullable [] value) {}

    /** In the order they came, after {@code afterId}. */
    public List<Letter> list(Filter filter) throws SQLException {
        String sql = "SELECT " + COLUMNS + " FROM dead_letters WHERE id > ? AND (?::text IS NULL OR topic = ?)"
                + " AND (?::text IS NULL OR reason = ?) AND (? OR dropped_at IS NULL) ORDER BY id LIMIT ?";
        try (Connection connection = access.open(LIMIT);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, filter.afterId);
            statement.setString(2, filter.topic);
            statement.setString(3, filter.topic);
            statement.setString(4, filter.reason);
            statement.setString(5, filter.reason);
            statement.setBoolean(6, filter.dropped);
            statement.setInt(7, filter.most);
            List<Letter> letters = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    letters.add(letter(row));
                }
            }
            return letters;
        }
    }

    /** Null when there is none of that number. */
    public @Nullable Bytes show(long id) throws SQLException {
        String sql = "SELECT " + COLUMNS + ", record_key, record_value FROM dead_letters WHERE id = ?";
        try (Connection connection = access.open(LIMIT);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new Bytes(letter(row), row.getBytes(14), row.getBytes(15)) : null;
            }
        }
    }

    /** Asks the running writers to send them again; returns how many will be. Dropped ones are left alone. */
    public int replay(List<Long> ids) throws SQLException {
        return update(
                "UPDATE dead_letters SET replay_wanted_at = now(), replay_taken_at = NULL"
                        + " WHERE id = ANY(?) AND dropped_at IS NULL AND replay_wanted_at IS NULL",
                ids);
    }

    /** Marks them as done with; they go when their time is over. */
    public int drop(List<Long> ids) throws SQLException {
        return update(
                "UPDATE dead_letters SET dropped_at = now(), replay_wanted_at = NULL"
                        + " WHERE id = ANY(?) AND dropped_at IS NULL",
                ids);
    }

    /** Deletes published letters that were made before; those that wait to be sent again stay. Returns how many. */
    public long forget(Instant before) throws SQLException {
        String sql = "DELETE FROM dead_letters WHERE id IN (SELECT id FROM dead_letters WHERE created_at < ?"
                + " AND published_at IS NOT NULL AND replay_wanted_at IS NULL ORDER BY id LIMIT 10000)";
        try (Connection connection = access.open(LIMIT);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, before.atOffset(ZoneOffset.UTC));
            long all = 0;
            int some;
            do {
                some = statement.executeUpdate();
                all += some;
            } while (some > 0);
            return all;
        }
    }

    private int update(String sql, List<Long> ids) throws SQLException {
        try (Connection connection = access.open(LIMIT);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            Array array = connection.createArrayOf("bigint", ids.toArray());
            statement.setArray(1, array);
            return statement.executeUpdate();
        }
    }

    private static Letter letter(ResultSet row) throws SQLException {
        return new Letter(
                row.getLong(1),
                row.getString(2),
                row.getInt(3),
                row.getLong(4),
                row.getString(5),
                row.getString(6),
                row.getInt(7),
                row.getObject(8, OffsetDateTime.class).toInstant(),
                instant(row, 9),
                instant(row, 10),
                instant(row, 11),
                row.getInt(12),
                instant(row, 13));
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
