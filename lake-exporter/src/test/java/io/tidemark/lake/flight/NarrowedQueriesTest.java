package io.tidemark.lake.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A statement with conditions opens only the files that it can want, and answers what all files would. */
class NarrowedQueriesTest {
    @TempDir
    Path folder;

    private Known lake;
    private LakeFlightServer server;
    private Connection connection;

    /** Like {@link TestLake}, with what manifests say of files. */
    private static final class Known implements SealedFiles {
        private final TestLake lake;
        private final Map<Path, Extent> extents = new HashMap<>();

        Known(TestLake lake) {
            this.lake = lake;
        }

        /** Trades of one symbol, one a second, from so many seconds after the first. */
        Path seal(String symbol, long from, long count) throws SQLException, IOException {
            Path file = lake.seal("SELECT " + TestLake.head("trades", symbol)
                    + ", i AS sequence, CAST(i AS DECIMAL(38,18)) AS price FROM range(" + from + ", " + (from + count)
                    + ") AS t(i)");
            extents.put(
                    file,
                    new Extent(
                            1723075200123456789L + 1_000_000_000L * from,
                            1723075200123456789L + 1_000_000_000L * (from + count - 1),
                            "binance",
                            symbol));
            return file;
        }

        @Override
        public long generation() {
            return lake.generation();
        }

        @Override
        public State current() {
            State state = lake.current();
            return new State(state.generation(), state.files(), 0, List.of(), extents);
        }

        @Override
        public void writeEmptyFile(Path file) throws IOException {
            lake.writeEmptyFile(file);
        }
    }

    @BeforeEach
    void serve() throws Exception {
        lake = new Known(new TestLake(folder));
        for (int hour = 0; hour < 6; hour++) {
            for (String symbol : List.of("BTC-USDT", "ETH-USDT")) {
                lake.seal(symbol, hour * 3_600L, 3_600);
            }
        }
        server = TestLake.serve(lake, TestLake.options(folder.resolve("work"), TestLake.limits()));
        connection = TestLake.connect(server);
    }

    @AfterEach
    void stop() throws Exception {
        connection.close();
        server.close();
    }

    private List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.append(result.getString(i)).append('|');
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    /** The same with the view's whole name, which is never narrowed. */
    private void assertSameAsAll(String sql) throws SQLException {
        assertEquals(rows(sql.replaceAll("\\b(trades|events|trades_f64)\\b", "lake.main.$1")), rows(sql), sql);
    }

    @Test
    void answersAreThoseOfAllFiles() throws Exception {
        String sum = "SELECT count(*), sum(sequence), min(event_time), max(event_time) FROM trades ";
        for (String rest : List.of(
                "WHERE event_time >= '2024-08-08 01:00:00' AND event_time < '2024-08-08 02:00:00'",
                "WHERE event_time BETWEEN TIMESTAMP '2024-08-08 00:59:59.999' AND '2024-08-08T01:00:01'",
                "WHERE event_time = TIMESTAMP_NS '2024-08-08 01:00:00.123456789'",
                "WHERE '2024-08-08 03:00:00' <= event_time",
                "WHERE event_time >= DATE '2024-08-08' AND symbol = 'BTC-USDT'",
                "WHERE event_time < '2024-08-08' OR symbol = 'ETH-USDT'",
                "WHERE NOT (event_time < '2024-08-08 02:00:00')",
                "WHERE symbol IN ('ETH-USDT', 'nothing') AND source = 'binance'",
                "WHERE symbol = 'nothing'",
                "WHERE event_time < '2024-08-08 02:00:00' AND event_time > '2024-08-08 03:00:00'",
                "AS t WHERE t.event_time > '2024-08-08 04:00:00' AND t.symbol = 'BTC-USDT'",
                "AS t(symbol, event_time) WHERE event_time > '2024'",
                "WHERE event_time > '9999-12-31 00:00:00'")) {
            try {
                rows(sum.replace("event_time)", "exchange_time)") + rest);
            } catch (SQLException e) {
                // The engine refuses it either way.
                assertThrows(SQLException.class, () -> rows("SELECT count(*) FROM lake.main.trades " + rest));
                continue;
            }
            assertSameAsAll(sum + rest);
        }
        assertSameAsAll("SELECT * FROM trades_f64 WHERE event_time = '2024-08-08 01:00:00.123456789' ORDER BY symbol");
        assertSameAsAll("SELECT a.sequence FROM trades a JOIN trades b ON a.sequence = b.sequence + 3600"
                + " WHERE a.event_time < '2024-08-08 01:00:05' AND a.symbol = b.symbol ORDER BY 1");
        assertSameAsAll("SELECT (SELECT count(*) FROM trades WHERE event_time < '2024-08-08 01:00:00'),"
                + " (SELECT count(*) FROM trades WHERE event_time >= '2024-08-08 05:00:00')");
        assertSameAsAll(
                "SELECT count(*) FROM events o WHERE symbol = 'BTC-USDT' AND o.event_time < '2024-08-08 00:00:03'"
                        + " AND EXISTS (SELECT 1 FROM trades i WHERE o.event_time < '2024-08-08 00:00:02'"
                        + " AND i.sequence = o.sequence + 7200)");
        assertSameAsAll("SELECT event_time + INTERVAL 2 HOUR AS event_time FROM trades"
                + " WHERE event_time > '2024-08-08 07:59:50' ORDER BY 1");
        assertEquals(
                List.of("7200|"),
                rows("WITH trades AS (SELECT * FROM events) SELECT count(*) FROM trades"
                        + " WHERE event_time < '2024-08-08 01:00:00'"));
    }

    @Test
    void randomConditionsGiveWhatAllFilesGive() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        String[] operators = {"<", "<=", ">", ">=", "=", "<>"};
        for (int i = 0; i < 60; i++) {
            StringBuilder where = new StringBuilder();
            for (int j = 0; j <= random.nextInt(3); j++) {
                where.append(j == 0 ? " WHERE " : random.nextInt(4) == 0 ? " OR " : " AND ");
                if (random.nextInt(3) == 0) {
                    where.append(random.nextBoolean() ? "symbol = 'BTC-USDT'" : "symbol IN ('ETH-USDT')");
                } else {
                    String time = String.format(
                            "'2024-08-08 0%d:%02d:%02d%s'",
                            random.nextInt(7),
                            random.nextInt(60),
                            random.nextInt(60),
                            random.nextBoolean() ? ".123456789" : "");
                    String operator = operators[random.nextInt(operators.length)];
                    where.append(
                            random.nextBoolean()
                                    ? "event_time " + operator + " " + time
                                    : time + " " + operator + " event_time");
                }
            }
            assertSameAsAll("SELECT count(*), sum(sequence) FROM trades" + where);
        }
    }

    @Test
    void filesThatCannotHoldItAreNotOpened() throws Exception {
        Path damaged = lake.current().files().get(0);
        Files.write(damaged, new byte[] {1, 2, 3});
        assertEquals(
                List.of("3600|"),
                rows("SELECT count(*) FROM trades WHERE symbol = 'BTC-USDT'"
                        + " AND event_time >= '2024-08-08 02:00:00' AND event_time < '2024-08-08 03:00:00'"));
        assertThrows(SQLException.class, () -> rows("SELECT count(price) FROM trades"));
    }

    @Test
    void whatAClientSeesIsNotChangedByAnothersConditions() throws Exception {
        assertEquals(
                1,
                rows("SELECT * FROM trades WHERE event_time = '2024-08-08 01:00:00.123456789'"
                                + " AND symbol = 'BTC-USDT'")
                        .size());
        assertEquals(List.of("43200|"), rows("SELECT count(*) FROM trades"));
    }
}
