package io.tidemark.lake.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Computes slices and coverage again, in SQL and from the texts that the candles came from, and compares every alert
 * and every candle.
 */
final class SliceOracle {
    private SliceOracle() {}

    static void check(Path run, Path candles, Path alerts, int pre, int post) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("set timezone = 'UTC'");
            statement.execute("create table candles as select source, symbol, ts_ms::bigint as ts_ms,"
                    + " open::decimal(38,18) as open, high::decimal(38,18) as high, low::decimal(38,18) as low,"
                    + " close::decimal(38,18) as close, volume::decimal(38,18) as volume from read_csv('" + candles
                    + "', all_varchar = true)");
            statement.execute("create table alerts as select alert_id, note, score, source, symbol,"
                    + " ts_ms::bigint as ts_ms from read_csv('" + alerts + "', all_varchar = true)");
            statement.execute("create table windows as select *, (ts_ms // 60000) * 60000 - " + pre
                    + " * 60000 as f, (ts_ms // 60000) * 60000 + " + (post + 1) + " * 60000 as t from alerts");
            statement.execute("create table slots as select w.alert_id, s.slot, c.ts is not null as there"
                    + " from (select alert_id, source, symbol, unnest(range(f, t, 60000)) as slot from windows) s"
                    + " join windows w using (alert_id) left join (select distinct source, symbol,"
                    + " (ts_ms // 60000) * 60000 as ts from candles) c"
                    + " on c.source = s.source and c.symbol = s.symbol and c.ts = s.slot");
            statement.execute("create table coverage as select * from read_parquet('" + run + "/coverage.parquet')");
            same(
                    statement,
                    "select alert_id, source, symbol, ts_ms, f, t, expected, found, found / expected::double as ratio,"
                            + " case when found > 0 then null"
                            + " when exists (select 1 from candles c where c.source = w.source and c.symbol = w.symbol)"
                            + " then 'no candles in the window' else 'unknown instrument' end as reason, note, score"
                            + " from windows w join (select alert_id, count(*) as expected,"
                            + " count(*) filter (there) as found from slots group by alert_id) n using (alert_id)",
                    "select alert_id, source, symbol, ts_ms, window_from_ms, window_to_ms, expected, found, ratio,"
                            + " reason, note, score from coverage");
            same(
                    statement,
                    "select alert_id, slot from slots where not there",
                    "select alert_id, unnest(range(g.from_ms, g.to_ms, 60000)) as slot from"
                            + " (select alert_id, unnest(gaps) as g from coverage)");
            same(
                    statement,
                    "select source, symbol, ts_ms, open, high, low, close, volume from candles c where exists"
                            + " (select 1 from windows w where w.source = c.source and w.symbol = c.symbol"
                            + " and c.ts_ms >= f and c.ts_ms < t)",
                    "select source, symbol, epoch_ms(ts) as ts_ms, open, high, low, close, volume from read_parquet('"
                            + run + "/*/part-*.parquet')");
        }
    }

    /** Both ways, with their repeats. */
    private static void same(Statement statement, String expected, String actual) throws SQLException {
        assertEquals(0, count(statement, "(" + expected + ") except all (" + actual + ")"), "missing: " + actual);
        assertEquals(0, count(statement, "(" + actual + ") except all (" + expected + ")"), "too much: " + actual);
    }

    private static long count(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery("select count(*) from (" + query + ")")) {
            row.next();
            return row.getLong(1);
        }
    }
}
