package io.tidemark.store.migrate;

import io.tidemark.store.database.Retries;
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
import org.jspecify.annotations.Nullable;

/**
 * Copies rows of one bar table that the other lacks or has in an older state, in the order of their keys, some
 * thousand in a transaction.
 *
 * <p>Safe beside running writers: a row that exists is replaced by the sinks' own rule only, judged against
 * what stands there at that moment. Rows that both tables have with equal rank but other values are replaced
 * only when {@code tiesToo}.
 */
public final class BarCopy {
    private static final int ATTEMPTS = 8;

    private final BarTable from;
    private final boolean tiesToo;
    private final int chunk;

    public BarCopy(BarTable from, boolean tiesToo, int chunk) {
        this.from = from;
        this.tiesToo = tiesToo;
        this.chunk = chunk;
    }

    /** A key of both tables; {@link #FIRST} is before all. */
    public record Key(String tenant, String vendor, String symbol, String timeframe, Instant ts) {
        static final Key FIRST = new Key("", "", "", "", Instant.EPOCH);
    }

    /**
     * One transaction's work.
     *
     * @param last the last key read; null when there was none left
     */
    public record Step(long read, long written, @Nullable Key last) {}

    /** What else belongs into the transaction of a step. */
    @FunctionalInterface
    public interface Also {
        void in(Connection connection, Step step) throws SQLException;
    }

    /** Copies the rows behind {@code after}; both partitions have to be there and opened. */
    public Step step(Connection connection, PartitionPair pair, Instant lower, Instant upper, Key after, Also also)
            throws SQLException {
        for (int attempt = 1; ; attempt++) {
            connection.setAutoCommit(false);
            try {
                Step step = copy(connection, pair, lower, upper, after);
                also.in(connection, step);
                connection.commit();
                return step;
            } catch (SQLException e) {
                connection.rollback();
                if (attempt == ATTEMPTS || !Retries.mayRepeat(e)) {
                    throw e;
                }
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private Step copy(Connection connection, PartitionPair pair, Instant lower, Instant upper, Key after)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql(pair))) {
            statement.setObject(1, lower.atOffset(ZoneOffset.UTC));
            statement.setObject(2, upper.atOffset(ZoneOffset.UTC));
            statement.setString(3, after.tenant);
            statement.setString(4, after.vendor);
            statement.setString(5, after.symbol);
            statement.setString(6, after.timeframe);
            statement.setObject(7, after.ts.atOffset(ZoneOffset.UTC));
            statement.setInt(8, chunk);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return new Step(0, 0, null);
                }
                Key last = new Key(
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getObject(7, OffsetDateTime.class).toInstant());
                return new Step(row.getLong(1), row.getLong(2), last);
            }
        }
    }

    private String sql(PartitionPair pair) {
        BarTable to = from.other();
        String source = PartitionPair.quoted(String.valueOf(pair.of(from)));
        String target = PartitionPair.quoted(String.valueOf(pair.of(to)));
        String key = String.join(", ", BarTable.KEY);
        List<String> on = new ArrayList<>();
        for (String column : BarTable.KEY) {
            on.add("c." + column + " = d." + column);
        }
        String differs = "ROW(" + BarTable.join("c", from.facts()) + ") IS DISTINCT FROM ROW("
                + BarTable.join("d", to.facts()) + ")";
        return "WITH chunk AS MATERIALIZED (SELECT * FROM " + source + " WHERE ts >= ? AND ts < ? AND (" + key
                + ") > (?, ?, ?, ?, ?) ORDER BY " + key + " LIMIT ?),"
                + " put AS (INSERT INTO " + target + " AS kept (" + key + ", " + String.join(", ", to.facts())
                + extraNames() + ") SELECT " + from.columns("c") + extraValues() + " FROM chunk c LEFT JOIN " + target
                + " d ON " + String.join(" AND ", on) + " WHERE d.ts IS NULL OR " + differs + " ORDER BY "
                + BarTable.join("c", BarTable.KEY)
                + " ON CONFLICT (" + key + ") DO UPDATE SET " + assignments(to) + " WHERE " + rule(to) + " RETURNING 1)"
                + " SELECT (SELECT count(*) FROM chunk), (SELECT count(*) FROM put), k.* FROM (SELECT " + key
                + " FROM chunk ORDER BY tenant_id DESC, vendor DESC, symbol DESC, timeframe DESC, ts DESC LIMIT 1) k";
    }

    private String extraNames() {
        return from == BarTable.LEGACY ? ", ts_ns, source, quote_volume, rounded" : "";
    }

    /** What the legacy table does not know. */
    private String extraValues() {
        return from == BarTable.LEGACY
                ? ", (extract(epoch FROM c.ts) * 1000000000)::bigint, regexp_replace(c.vendor, '-native$', ''),"
                        + " NULL::numeric, false"
                : "";
    }

    private String assignments(BarTable to) {
        List<String> set = new ArrayList<>();
        for (String column : to.facts()) {
            set.add(column + " = EXCLUDED." + column);
        }
        if (from == BarTable.LEGACY) {
            // Of another record than the one whose figures come now, unless they are of the same rank.
            set.add("quote_volume = CASE WHEN " + same() + " THEN kept.quote_volume END");
        }
        return String.join(", ", set);
    }

    private static String rank(String alias) {
        return "(" + alias + ".complete, " + alias + ".trade_count, " + alias + ".revision)";
    }

    private static String same() {
        return rank("EXCLUDED") + " = " + rank("kept") + " AND EXCLUDED.edge = kept.edge";
    }

    private String rule(BarTable to) {
        String wins = rank("EXCLUDED") + " > " + rank("kept") + " OR (" + rank("EXCLUDED") + " = " + rank("kept")
                + " AND EXCLUDED.edge < kept.edge)";
        if (!tiesToo) {
            return wins;
        }
        return wins + " OR (" + same() + " AND ROW(" + BarTable.join("EXCLUDED", to.prices())
                + ") IS DISTINCT FROM ROW(" + BarTable.join("kept", to.prices()) + "))";
    }
}
