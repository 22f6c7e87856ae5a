package io.tidemark.store.verify;

import io.tidemark.store.database.JdbcAccess;
import io.tidemark.store.migrate.PartitionPair;
import io.tidemark.store.mode.BarTable;
import io.tidemark.store.mode.ModeChange;
import io.tidemark.store.mode.ModeState;
import io.tidemark.store.mode.Proof;
import io.tidemark.store.verify.ParityReport.Kind;
import io.tidemark.store.verify.ParityReport.RowDifference;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Compares the two bar tables of a live store, over all tenants and any range of time.
 *
 * <p>One pair of partitions after the other, each in one snapshot, so that what is written meanwhile never
 * looks like a difference: first count and sum of row hashes per day; of days that differ the same per hour;
 * of hours that differ the rows, by a full join. A sum, because under XOR two equal wrong rows would vanish.
 */
public final class ParityCheck {
    /** Earlier and later than any bar; year 1 and year 10000 are what the driver and the server agree about. */
    public static final Instant BEGINNING = Instant.parse("1970-01-01T00:00:00Z");

    public static final Instant END = Instant.parse("9999-01-01T00:00:00Z");

    private static final Duration LIMIT = Duration.ofHours(1);

    private final JdbcAccess access;
    private final int mostNamed;

    /** {@code mostNamed} bounds how many differing rows are named; all are counted. */
    public ParityCheck(JdbcAccess access, int mostNamed) {
        this.access = access;
        this.mostNamed = mostNamed;
    }

    /** {@code from} included, {@code to} excluded; {@code progress} is told what is being compared. */
    public ParityReport compare(Instant from, Instant to, Consumer<String> progress)
            throws SQLException, ModeChange.Refused {
        long began = System.nanoTime();
        ModeState mode = new ModeChange(access).read();
        Tally tally = new Tally();
        try (Connection connection = access.open(LIMIT)) {
            for (PartitionPair pair : PartitionPair.open(connection, from, to)) {
                progress.accept("comparing " + pair.lower() + " .. " + pair.upper());
                connection.setAutoCommit(false);
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                compare(connection, pair, later(from, pair.lower()), earlier(to, pair.upper()), tally);
                connection.rollback();
                connection.setAutoCommit(true);
            }
            ParityReport report = new ParityReport(
                    from,
                    to,
                    mode.mode(),
                    mode.epoch(),
                    tally.legacy,
                    tally.provider,
                    tally.buckets,
                    tally.differing,
                    tally.differences,
                    tally.rows,
                    (System.nanoTime() - began) / 1e9);
            if (!from.isAfter(BEGINNING) && !to.isBefore(END)) {
                Proof.keep(connection, report.evidence());
            }
            return report;
        }
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static final class Tally {
        private final List<RowDifference> rows = new ArrayList<>();
        private long legacy;
        private long provider;
        private long buckets;
        private long differing;
        private long differences;
    }

    private void compare(Connection connection, PartitionPair pair, Instant from, Instant to, Tally tally)
            throws SQLException {
        boolean differs = false;
        try (PreparedStatement statement = connection.prepareStatement(buckets(pair, "1 day"))) {
            bounds(statement, from, to);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    tally.buckets++;
                    tally.legacy += row.getLong(2);
                    tally.provider += row.getLong(3);
                    if (!row.getBoolean(4)) {
                        differs = true;
                        tally.differing++;
                    }
                }
            }
        }
        if (differs) {
            List<OffsetDateTime> hours = differingHours(connection, pair, from, to);
            nameRows(connection, pair, from, to, hours, tally);
        }
    }

    private static List<OffsetDateTime> differingHours(
            Connection connection, PartitionPair pair, Instant from, Instant to) throws SQLException {
        List<OffsetDateTime> hours = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(buckets(pair, "1 hour"))) {
            bounds(statement, from, to);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    if (!row.getBoolean(4)) {
                        hours.add(row.getObject(1, OffsetDateTime.class));
                    }
                }
            }
        }
        return hours;
    }

    /** Per bucket: its start, the rows of both, and whether counts and sums are equal. */
    private static String buckets(PartitionPair pair, String width) {
        return "SELECT coalesce(l.b, p.b), coalesce(l.n, 0), coalesce(p.n, 0),"
                + " l.n IS NOT DISTINCT FROM p.n AND l.h IS NOT DISTINCT FROM p.h"
                + " FROM (" + sums(BarTable.LEGACY, pair, width) + ") l"
                + " FULL JOIN (" + sums(BarTable.PROVIDER, pair, width) + ") p ON l.b = p.b ORDER BY 1";
    }

    private static String sums(BarTable table, PartitionPair pair, String width) {
        return "SELECT " + bin(width) + " AS b, count(*) AS n,"
                + " sum(hash_record_extended(ROW(" + table.columns("t") + "), 0)) AS h FROM " + rows(table, pair)
                + " GROUP BY 1";
    }

    private static String bin(String width) {
        return "date_bin('" + width + "', t.ts, timestamptz '1970-01-01 00:00:00+00')";
    }

    private static String rows(BarTable table, PartitionPair pair) {
        String partition = pair.of(table);
        // Without a partition there are no rows, and the parent shows none to a session without a tenant.
        String name = partition == null ? table.table() : PartitionPair.quoted(partition);
        return name + " t WHERE t.ts >= ? AND t.ts < ?" + (partition == null ? " AND false" : "");
    }

    private static void bounds(PreparedStatement statement, Instant from, Instant to) throws SQLException {
        for (int i = 1; i <= 3; i += 2) {
            statement.setObject(i, from.atOffset(ZoneOffset.UTC));
            statement.setObject(i + 1, to.atOffset(ZoneOffset.UTC));
        }
    }

    private void nameRows(
            Connection connection,
            PartitionPair pair,
            Instant from,
            Instant to,
            List<OffsetDateTime> hours,
            Tally tally)
            throws SQLException {
        List<String> legacy = BarTable.LEGACY.facts();
        List<String> provider = BarTable.PROVIDER.facts();
        List<String> on = new ArrayList<>();
        List<String> key = new ArrayList<>();
        for (String column : BarTable.KEY) {
            on.add("l." + column + " = p." + column);
            key.add("coalesce(l." + column + ", p." + column + ")");
        }
        String inHours = " AND " + bin("1 hour") + " = ANY(?)";
        String sql = "SELECT " + String.join(", ", key) + ", l.ts IS NULL, p.ts IS NULL, count(*) OVER (), "
                + BarTable.join("l", legacy) + ", " + BarTable.join("p", provider)
                + " FROM (SELECT t.* FROM " + rows(BarTable.LEGACY, pair) + inHours + ") l"
                + " FULL JOIN (SELECT t.* FROM " + rows(BarTable.PROVIDER, pair) + inHours + ") p ON "
                + String.join(" AND ", on)
                + " WHERE l.ts IS NULL OR p.ts IS NULL OR ROW(" + BarTable.join("l", legacy)
                + ") IS DISTINCT FROM ROW(" + BarTable.join("p", provider) + ") ORDER BY 5, 1, 2, 3, 4 LIMIT ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Array array = connection.createArrayOf("timestamptz", hours.toArray());
            for (int i = 0; i < 2; i++) {
                statement.setObject(3 * i + 1, from.atOffset(ZoneOffset.UTC));
                statement.setObject(3 * i + 2, to.atOffset(ZoneOffset.UTC));
                statement.setArray(3 * i + 3, array);
            }
            // One at least, for its count of all.
            statement.setInt(7, Math.max(1, mostNamed - tally.rows.size()));
            try (ResultSet row = statement.executeQuery()) {
                long all = 0;
                while (row.next()) {
                    all = row.getLong(8);
                    if (tally.rows.size() < mostNamed) {
                        tally.rows.add(difference(row, provider));
                    }
                }
                tally.differences += all;
            }
        }
    }

    private static RowDifference difference(ResultSet row, List<String> names) throws SQLException {
        Kind kind = row.getBoolean(6) ? Kind.ONLY_PROVIDER : row.getBoolean(7) ? Kind.ONLY_LEGACY : Kind.DIFFERENT;
        Map<String, List<String>> columns = new LinkedHashMap<>();
        if (kind == Kind.DIFFERENT) {
            for (int i = 0; i < names.size(); i++) {
                String left = row.getString(9 + i);
                String right = row.getString(9 + names.size() + i);
                if (!Objects.equals(left, right)) {
                    columns.put(names.get(i), List.of(String.valueOf(left), String.valueOf(right)));
                }
            }
        }
        return new RowDifference(
                kind,
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getObject(5, OffsetDateTime.class).toInstant(),
                columns);
    }
}
