package io.tidemark.store.migrate;

import io.tidemark.store.database.JdbcAccess;
import io.tidemark.store.database.Retries;
import io.tidemark.store.deadletter.LetterBox;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * Drops what is older than its family's period, by whole partitions, and bounds the writer's own small tables.
 *
 * <p>The partitions of one time go together, so that the two bar tables stay equal. Dropping waits two seconds
 * for its lock and is otherwise left to the next run, for writers would wait behind it. Every drop is logged and
 * kept in {@code store_retention_log}.
 */
public final class Retention {
    private static final Logger LOG = Logger.getLogger(Retention.class);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final long LOCK = 0x7469_6465_7265_7461L;
    private static final int LOG_ROWS_KEPT = 1_000;

    private final JdbcAccess access;
    private final RetentionSettings settings;

    public Retention(JdbcAccess access, RetentionSettings settings) {
        this.access = access;
        this.settings = settings;
    }

    /** A partition that holds a time of a table. */
    public record Part(String table, String partition, Instant lower, Instant upper, long rows, long bytes) {}

    /**
     * What a family keeps.
     *
     * @param period empty for ever
     */
    public record Family(String name, Optional<Duration> period, List<Part> parts) {}

    private Map<String, Optional<Duration>> periods() {
        Map<String, Optional<Duration>> periods = new LinkedHashMap<>();
        periods.put("bars", settings.bars());
        periods.put("options", settings.options());
        periods.put("fundamentals", settings.fundamentals());
        periods.put("news", settings.news());
        return periods;
    }

    /** The family of a partitioned table: of {@code bars_ohlcv} it is {@code bars}. */
    static String family(String table) {
        int end = table.indexOf('_');
        String first = end < 0 ? table : table.substring(0, end);
        return first.equals("option") ? "options" : first;
    }

    /** All families with their partitions. */
    public List<Family> families() throws SQLException {
        try (Connection connection = access.open(LIMIT)) {
            return families(connection);
        }
    }

    private List<Family> families(Connection connection) throws SQLException {
        Map<String, List<Part>> parts = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT table_name, partition_name, lower_ts, upper_ts,"
                        + " row_estimate, bytes FROM tidemark_partitions ORDER BY lower_ts, table_name")) {
            while (row.next()) {
                Part part = new Part(
                        row.getString(1),
                        row.getString(2),
                        row.getObject(3, OffsetDateTime.class).toInstant(),
                        row.getObject(4, OffsetDateTime.class).toInstant(),
                        row.getLong(5),
                        row.getLong(6));
                parts.computeIfAbsent(family(part.table), ignored -> new ArrayList<>())
                        .add(part);
            }
        }
        List<Family> families = new ArrayList<>();
        periods()
                .forEach((name, period) -> families.add(new Family(name, period, parts.getOrDefault(name, List.of()))));
        return families;
    }

    /** Drops what is too old now; returns what went. */
    public List<Part> run(Instant now) throws SQLException {
        List<Part> dropped = new ArrayList<>();
        try (Connection connection = access.open(LIMIT)) {
            if (!isOurs(connection)) {
                return dropped;
            }
            for (Family family : families(connection)) {
                if (family.period.isEmpty()) {
                    continue;
                }
                Instant oldest = now.minus(family.period.get());
                Map<Instant, List<Part>> together = new TreeMap<>();
                for (Part part : family.parts) {
                    if (!part.upper.isAfter(oldest)) {
                        together.computeIfAbsent(part.lower, ignored -> new ArrayList<>())
                                .add(part);
                    }
                }
                for (List<Part> parts : together.values()) {
                    if (drop(connection, parts, family.period.get())) {
                        dropped.addAll(parts);
                    }
                }
            }
            bound(connection, now);
        }
        new LetterBox(access).forget(now.minus(settings.deadLetters()));
        return dropped;
    }

    /** Of several writers one does it; the lock goes with the connection. */
    private static boolean isOurs(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_try_advisory_lock(" + LOCK + ")")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** False when somebody uses them just now. */
    private static boolean drop(Connection connection, List<Part> parts, Duration period) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
                PreparedStatement log = connection.prepareStatement("INSERT INTO store_retention_log"
                        + " (table_name, partition, lower_ts, upper_ts, row_count, bytes, period)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            statement.execute("SET LOCAL lock_timeout = '2s'");
            for (Part part : parts) {
                statement.execute("DROP TABLE " + PartitionPair.quoted(part.partition));
                log.setString(1, part.table);
                log.setString(2, part.partition);
                log.setObject(3, part.lower.atOffset(ZoneOffset.UTC));
                log.setObject(4, part.upper.atOffset(ZoneOffset.UTC));
                log.setLong(5, part.rows);
                log.setLong(6, part.bytes);
                log.setString(7, period.toString());
                log.executeUpdate();
            }
            connection.commit();
            for (Part part : parts) {
                LOG.infof(
                        "retention of %s days: dropped %s (%s .. %s, about %d rows, %d bytes)",
                        period.toDays(), part.partition, part.lower, part.upper, part.rows, part.bytes);
            }
            return true;
        } catch (SQLException e) {
            connection.rollback();
            if (!Retries.mayRepeat(e)) {
                throw e;
            }
            LOG.infof("retention: %s is in use and goes with the next run", parts.get(0).partition);
            return false;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private void bound(Connection connection, Instant now) throws SQLException {
        try (PreparedStatement divergences = connection.prepareStatement(
                        "DELETE FROM store_divergence WHERE repaired_at IS NOT NULL AND repaired_at < ?");
                Statement statement = connection.createStatement()) {
            divergences.setObject(1, now.minus(settings.divergences()).atOffset(ZoneOffset.UTC));
            divergences.executeUpdate();
            for (String table : List.of("store_retention_log", "store_backfill")) {
                statement.executeUpdate(
                        "DELETE FROM " + table + " WHERE id <= (SELECT max(id) FROM " + table + ") - " + LOG_ROWS_KEPT);
            }
            statement.executeUpdate("DELETE FROM store_mode_history WHERE epoch <= (SELECT max(epoch) FROM"
                    + " store_mode_history) - " + LOG_ROWS_KEPT);
            statement.executeUpdate("DELETE FROM store_edges WHERE updated_at < now() - interval '10 minutes'");
        }
    }
}
