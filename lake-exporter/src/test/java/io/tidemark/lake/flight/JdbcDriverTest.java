package io.tidemark.lake.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official JDBC driver, unchanged, against a real server. */
class JdbcDriverTest {
    @TempDir
    Path folder;

    private TestLake lake;
    private LakeFlightServer server;
    private Connection connection;

    @BeforeEach
    void start() throws Exception {
        lake = new TestLake(folder);
        server = TestLake.serve(lake, TestLake.options(folder.resolve("work"), TestLake.limits()));
        connection = TestLake.connect(server);
    }

    @AfterEach
    void stop() throws Exception {
        connection.close();
        server.close();
        try (var left = java.nio.file.Files.list(folder.resolve("work"))) {
            assertEquals(List.of(), left.toList(), "the work folder is left empty");
        }
    }

    @Test
    void anEmptyLakeHasAllViewsWithTheirTypesAndNoRows() throws Exception {
        for (String view : LakeViews.names()) {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT * FROM " + view)) {
                assertFalse(rows.next(), view);
            }
        }
        assertEquals(0, count("SELECT count(*) FROM events"));
    }

    @Test
    void decimalsComeOutToTheLastPlace() throws Exception {
        lake.seal("SELECT " + TestLake.head("trades", "BTC-USDT") + ", i AS sequence,"
                + " [61234.123456789012345678, -0.000000000000000001,"
                + " 99999999999999999999.999999999999999999::DECIMAL(38,18)][i + 1]::DECIMAL(38,18) AS price"
                + " FROM range(3) AS t(i)");
        List<BigDecimal> prices = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT price, price FROM trades ORDER BY sequence")) {
            ResultSetMetaData columns = rows.getMetaData();
            assertEquals(Types.DECIMAL, columns.getColumnType(1));
            assertEquals(38, columns.getPrecision(1));
            assertEquals(18, columns.getScale(1));
            assertEquals("price", columns.getColumnName(2));
            while (rows.next()) {
                prices.add(rows.getBigDecimal(1));
                assertEquals(rows.getObject(1), rows.getBigDecimal(2));
            }
        }
        assertEquals(
                List.of(
                        new BigDecimal("61234.123456789012345678"),
                        new BigDecimal("-0.000000000000000001"),
                        new BigDecimal("99999999999999999999.999999999999999999")),
                prices);
    }

    @Test
    void timesAreUtcToTheNanosecondWhateverTheClientsZone() throws Exception {
        lake.sealTrades("BTC-USDT", 1);
        TimeZone before = TimeZone.getDefault();
        try (Statement statement = connection.createStatement()) {
            TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
            try (ResultSet rows = statement.executeQuery(
                    "SELECT event_time, exchange_time, epoch_ns(event_time) AS nanos FROM trades")) {
                assertTrue(rows.next());
                assertEquals(
                        LocalDateTime.parse("2024-08-08T00:00:00.123456789"), rows.getObject(1, LocalDateTime.class));
                assertNull(rows.getTimestamp(2));
                assertEquals(1723075200123456789L, rows.getLong(3));
            }
            // The driver's own getTimestamp shifts by the client's zone; in UTC it is right.
            TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
            try (ResultSet rows = statement.executeQuery(
                    "SELECT event_time, date_trunc('minute', event_time), time_bucket(INTERVAL 1 HOUR, event_time),"
                            + " event_time + INTERVAL 1 DAY FROM trades")) {
                assertTrue(rows.next());
                assertEquals(Timestamp.valueOf("2024-08-08 00:00:00.123456789"), rows.getTimestamp(1));
                assertEquals(Timestamp.valueOf("2024-08-08 00:00:00.123456789"), rows.getObject(1));
                assertEquals(Timestamp.valueOf("2024-08-08 00:00:00"), rows.getTimestamp(2));
                assertEquals(Timestamp.valueOf("2024-08-08 00:00:00"), rows.getTimestamp(3));
                assertEquals(Timestamp.valueOf("2024-08-09 00:00:00.123457"), rows.getTimestamp(4));
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    void preparedStatementsTakeParametersAndRunAgain() throws Exception {
        lake.sealTrades("BTC-USDT", 100);
        lake.sealTrades("ETH-USDT", 10);
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT count(*), sum(size) FROM trades WHERE symbol = ? AND sequence < ? AND price >= ?"
                        + " AND event_time >= ?")) {
            assertEquals(4, statement.getParameterMetaData().getParameterCount());
            for (long limit : new long[] {5, 50}) {
                statement.setString(1, "BTC-USDT");
                statement.setLong(2, limit);
                statement.setBigDecimal(3, new BigDecimal("2").setScale(18));
                statement.setTimestamp(
                        4,
                        Timestamp.from(Instant.parse("2024-08-08T00:00:03Z")),
                        Calendar.getInstance(TimeZone.getTimeZone("UTC")));
                try (ResultSet rows = statement.executeQuery()) {
                    assertTrue(rows.next());
                    assertEquals(limit - 3, rows.getLong(1));
                    assertEquals(
                            0,
                            new BigDecimal("0.5")
                                    .multiply(BigDecimal.valueOf(limit - 3))
                                    .compareTo(rows.getBigDecimal(2)));
                }
            }
        }
    }

    @Test
    void nanosecondsCanBeAskedForAsText() throws Exception {
        lake.sealTrades("BTC-USDT", 3);
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT sequence FROM trades WHERE event_time = CAST(CAST(? AS VARCHAR) AS TIMESTAMP_NS)")) {
            statement.setString(1, "2024-08-08 00:00:01.123456789");
            try (ResultSet rows = statement.executeQuery()) {
                assertTrue(rows.next());
                assertEquals(1, rows.getLong(1));
                assertFalse(rows.next());
            }
        }
    }

    @Test
    void aParameterWithoutTypeIsText() throws Exception {
        try (PreparedStatement statement = connection.prepareStatement("SELECT ? AS given")) {
            statement.setString(1, "x");
            try (ResultSet rows = statement.executeQuery()) {
                assertTrue(rows.next());
                assertEquals("x", rows.getString("given"));
            }
        }
    }

    @Test
    void aMissingParameterIsNamed() throws Exception {
        try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM trades WHERE symbol = ?")) {
            assertThrows(SQLException.class, statement::executeQuery);
        }
    }

    @Test
    void theCatalogueListsViewsAndColumnsWithTheirTypes() throws Exception {
        DatabaseMetaData catalogue = connection.getMetaData();
        assertEquals("Tidemark lake", catalogue.getDatabaseProductName());
        assertTrue(catalogue.isReadOnly());
        Set<String> tables = new TreeSet<>();
        try (ResultSet rows = catalogue.getTables(null, null, "%", null)) {
            while (rows.next()) {
                tables.add(rows.getString("TABLE_NAME"));
                assertEquals("VIEW", rows.getString("TABLE_TYPE"));
            }
        }
        assertEquals(new TreeSet<>(LakeViews.names()), tables);
        try (ResultSet rows = catalogue.getTables(null, null, "trades", new String[] {"VIEW"})) {
            assertTrue(rows.next());
            assertFalse(rows.next());
        }
        try (ResultSet rows = catalogue.getColumns(null, null, "trades", "price")) {
            assertTrue(rows.next());
            assertEquals(Types.DECIMAL, rows.getInt("DATA_TYPE"));
            assertEquals(38, rows.getInt("COLUMN_SIZE"));
            assertEquals(18, rows.getInt("DECIMAL_DIGITS"));
            assertFalse(rows.next());
        }
        try (ResultSet rows = catalogue.getColumns(null, null, "trades_f64", "price")) {
            assertTrue(rows.next());
            assertEquals(Types.DOUBLE, rows.getInt("DATA_TYPE"));
        }
        try (ResultSet rows = catalogue.getSchemas()) {
            assertTrue(rows.next());
            assertEquals("main", rows.getString("TABLE_SCHEM"));
        }
        try (ResultSet rows = catalogue.getCatalogs()) {
            assertTrue(rows.next());
            assertEquals("lake", rows.getString("TABLE_CAT"));
        }
        try (ResultSet rows = catalogue.getTableTypes()) {
            assertTrue(rows.next());
        }
        try (ResultSet rows = catalogue.getPrimaryKeys(null, null, "trades")) {
            assertFalse(rows.next());
        }
        try (ResultSet rows = catalogue.getExportedKeys(null, null, "trades")) {
            assertFalse(rows.next());
        }
        try (ResultSet rows = catalogue.getImportedKeys(null, null, "trades")) {
            assertFalse(rows.next());
        }
    }

    @Test
    void eachKindHasItsOwnRowsAndTheTwinHasDoubles() throws Exception {
        lake.sealTrades("BTC-USDT", 7);
        lake.seal("SELECT " + TestLake.head("bars-1m", "BTC-USDT") + ", i AS sequence, 1.5 AS open, '1m' AS timeframe"
                + " FROM range(3) AS t(i)");
        lake.seal("SELECT " + TestLake.head("book-deltas", "BTC-USDT") + ", i AS sequence,"
                + " [1.5::DECIMAL(38,18), 2.5] AS bid_prices FROM range(2) AS t(i)");
        assertEquals(12, count("SELECT count(*) FROM events"));
        assertEquals(7, count("SELECT count(*) FROM trades"));
        assertEquals(3, count("SELECT count(*) FROM bars"));
        assertEquals(2, count("SELECT count(*) FROM book_deltas"));
        assertEquals(0, count("SELECT count(*) FROM quotes"));
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT sum(price * size * price) FROM trades_f64")) {
            assertTrue(rows.next());
            assertEquals(45.5, rows.getDouble(1));
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT bid_prices, typeof(bid_prices) FROM book_deltas_f64 LIMIT 1")) {
            assertTrue(rows.next());
            assertEquals("DOUBLE[]", rows.getString(2));
            Object[] levels = (Object[]) rows.getArray(1).getArray();
            assertEquals(List.of(1.5, 2.5), List.of(levels));
        }
    }

    @Test
    void enumsAndOtherTypesOfTheEngineArriveAsTextOrTheirOwnKind() throws Exception {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT 'b'::ENUM('a', 'b') AS e, ['a']::ENUM('a')[] AS l, sum(1) AS s, NULL AS n,"
                                + " uuid() AS u, DATE '2024-08-08' AS d, INTERVAL 1 DAY AS i, {'x': 1} AS st,"
                                + " MAP {'k': 1} AS m, 'z' AS \"od\"\"d\"; -- with a comment")) {
            assertTrue(rows.next());
            assertEquals("b", rows.getString("e"));
            assertEquals("[a]", rows.getString("l"));
            assertEquals(new BigDecimal("1"), rows.getBigDecimal("s"));
            assertNull(rows.getObject("n"));
            assertEquals(36, rows.getString("u").length());
            assertEquals("2024-08-08", rows.getDate("d").toString());
            assertEquals("z", rows.getString("od\"d"));
        }
    }

    @Test
    void describeAndShowTablesWork() throws Exception {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("DESCRIBE trades")) {
                assertTrue(rows.next());
                assertEquals("tenant", rows.getString("column_name"));
            }
            try (ResultSet rows = statement.executeQuery("SHOW TABLES")) {
                assertTrue(rows.next());
            }
        }
    }

    @Test
    void whatIsNotASelectIsRefusedWithAReason() throws Exception {
        assertRefused("SELECT * FROM '/etc/passwd'", "refused: there is no table");
        assertRefused("DELETE FROM events", "only a single SELECT");
        assertRefused("SELEC 1", "syntax error");
        assertRefused("SELECT nothing FROM trades", "nothing");
        assertRefused("", "the statement is empty");
        assertEquals(0, count("SELECT count(*) FROM events"));
    }

    private void assertRefused(String sql, String reason) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            SQLException refused = assertThrows(SQLException.class, () -> statement.executeQuery(sql));
            assertTrue(String.valueOf(refused.getMessage()).contains(reason), String.valueOf(refused.getMessage()));
        }
    }

    private long count(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertTrue(rows.next());
            return rows.getLong(1);
        }
    }
}
