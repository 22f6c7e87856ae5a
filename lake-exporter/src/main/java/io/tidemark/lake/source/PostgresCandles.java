package io.tidemark.lake.source;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.files.schema.CandleColumns;
import io.tidemark.contracts.files.schema.CandleSchema;
import io.tidemark.contracts.files.schema.Series;
import io.tidemark.lake.slice.Range;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Candles from the view {@code candles} of the store's database, in one snapshot for all sessions.
 *
 * <p>Rows are streamed by a cursor, so memory does not depend on their number. The session names the tenant, which
 * is what row-level security of the store asks for; the tenant is in each condition too. The snapshot lives as long
 * as this does, and holds back PostgreSQL's vacuum for that time.
 */
public final class PostgresCandles implements CandleSource {
    private static final int BATCH = 8_192;
    /** Windows closer together than this many seconds are read by one query. */
    private static final long NEAR_MICROS = 6 * 3_600 * 1_000_000L;
    /** What timestamptz has, with room to spare. */
    private static final Range POSSIBLE = new Range(-210_866_000_000_000_000L, 9_000_000_000_000_000_000L);

    private static final String MICROS = "(extract(epoch FROM ts) * 1000000)::bigint";
    private static final String ROWS = "SELECT " + MICROS + ", open, high, low, close, volume FROM candles"
            + " WHERE tenant = ? AND source = ? AND symbol = ? AND timeframe = ?";

    private final DatabaseAddress address;
    private final String tenant;
    private final int fetchSize;
    private final Connection connection;
    private final String snapshot;
    private final String moment;

    private PostgresCandles(DatabaseAddress address, String tenant, int fetchSize) throws IOException {
        this.address = address;
        this.tenant = tenant;
        this.fetchSize = fetchSize;
        Connection opened = null;
        try {
            opened = begin(null);
            snapshot = text(opened, "SELECT pg_export_snapshot()");
            moment = text(opened, "SELECT pg_current_snapshot()::text");
            connection = opened;
        } catch (SQLException e) {
            closeQuietly(opened, e);
            throw failed(e);
        }
    }

    /** Throws {@link IOException} naming the database where it cannot be reached or has no such view. */
    public static PostgresCandles open(DatabaseAddress address, String tenant, int fetchSize) throws IOException {
        return new PostgresCandles(address, tenant, fetchSize);
    }

    private Connection begin(@Nullable String shared) throws SQLException {
        java.util.Properties properties = new java.util.Properties();
        properties.putAll(address.properties());
        properties.putIfAbsent("connectTimeout", "10");
        properties.putIfAbsent("socketTimeout", "600");
        Connection opened = DriverManager.getConnection(address.url(), properties);
        try (Statement statement = opened.createStatement()) {
            opened.setAutoCommit(false);
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            if (shared != null) {
                statement.execute("SET TRANSACTION SNAPSHOT '" + shared + "'");
            }
            try (PreparedStatement name = opened.prepareStatement("SELECT set_config('tidemark.tenant', ?, true)")) {
                name.setString(1, tenant);
                name.execute();
            }
            return opened;
        } catch (SQLException e) {
            closeQuietly(opened, e);
            throw e;
        }
    }

    private static void closeQuietly(@Nullable Connection opened, SQLException cause) {
        if (opened != null) {
            try {
                opened.close();
            } catch (SQLException e) {
                cause.addSuppressed(e);
            }
        }
    }

    private static String text(Connection on, String sql) throws SQLException {
        try (Statement statement = on.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private IOException failed(SQLException e) {
        return new IOException("candles of database " + address.place() + ": " + e.getMessage(), e);
    }

    @Override
    public Map<String, Object> identity() {
        return Map.of("kind", "postgres");
    }

    @Override
    public String moment() {
        return moment;
    }

    @Override
    public List<Series> series(SeriesFilter filter) throws IOException {
        List<Series> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT DISTINCT source, symbol, timeframe FROM candles WHERE tenant = ?")) {
            statement.setString(1, tenant);
            statement.setFetchSize(fetchSize);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Series series = new Series(tenant, rows.getString(1), rows.getString(2), rows.getString(3));
                    if (filter.admits(series)) {
                        found.add(series);
                    }
                }
            }
        } catch (SQLException e) {
            throw failed(e);
        }
        return found.stream().sorted().toList();
    }

    @Override
    public boolean knows(Series series) throws IOException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT EXISTS (SELECT 1 FROM candles WHERE"
                + " tenant = ? AND source = ? AND symbol = ? AND timeframe = ?)")) {
            name(statement, series);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static void name(PreparedStatement statement, Series series) throws SQLException {
        statement.setString(1, series.tenant());
        statement.setString(2, series.source());
        statement.setString(3, series.symbol());
        statement.setString(4, series.timeframe());
    }

    @Override
    public Session open() throws IOException {
        try {
            return new SnapshotSession(begin(snapshot));
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private final class SnapshotSession implements Session {
        private final Connection own;
        private final CandleColumns batch = new CandleColumns(BATCH);
        private final Decimal38 value = new Decimal38();

        SnapshotSession(Connection own) {
            this.own = own;
        }

        @Override
        public void read(String bucket, List<Wanted> wanted, Sink sink) throws IOException {
            for (Wanted one : wanted) {
                for (Range range : Range.union(one.ranges(), NEAR_MICROS)) {
                    try {
                        read(one, range, sink);
                    } catch (SQLException e) {
                        throw new IOException(one.series() + ": " + failed(e).getMessage(), e);
                    }
                }
            }
        }

        private void read(Wanted wanted, Range range, Sink sink) throws SQLException, IOException {
            boolean from = range.from() > POSSIBLE.from();
            boolean to = range.to() < POSSIBLE.to();
            String sql = ROWS + (from ? " AND ts >= ?::timestamptz" : "") + (to ? " AND ts < ?::timestamptz" : "")
                    + " ORDER BY ts";
            try (PreparedStatement statement = own.prepareStatement(sql)) {
                name(statement, wanted.series());
                int place = 5;
                if (from) {
                    statement.setString(place++, time(range.from()));
                }
                if (to) {
                    statement.setString(place, time(range.to()));
                }
                statement.setFetchSize(fetchSize);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        add(wanted.series(), rows);
                        if (batch.rows() == BATCH) {
                            flush(wanted, sink);
                        }
                    }
                }
            }
            flush(wanted, sink);
        }

        private void add(Series series, ResultSet rows) throws SQLException, IOException {
            batch.add(rows.getLong(1));
            for (int number = 0; number < CandleSchema.NUMBERS; number++) {
                BigDecimal exact = rows.getBigDecimal(2 + number);
                if (exact != null) {
                    if (value.set(exact) != Decimal38.Outcome.EXACT) {
                        throw new IOException(series + " at " + time(rows.getLong(1)) + ": " + exact
                                + " does not fit decimal(38,18)");
                    }
                    batch.set(number, value);
                }
            }
        }

        private void flush(Wanted wanted, Sink sink) throws IOException {
            RangeRows.cut(wanted.series(), batch.times(), 0, batch.rows(), wanted.ranges(), () -> batch, sink);
            batch.clear();
        }

        @Override
        public void close() throws IOException {
            try {
                own.close();
            } catch (SQLException e) {
                throw failed(e);
            }
        }
    }

    private static String time(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L)
                .toString();
    }
}
