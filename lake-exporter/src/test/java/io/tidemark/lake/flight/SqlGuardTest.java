package io.tidemark.lake.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlGuardTest {
    private static final SqlGuard GUARD = new SqlGuard("lake", "main", LakeViews.names());
    private static Connection connection;

    @BeforeAll
    static void connect() throws SQLException {
        connection = DriverManager.getConnection("jdbc:duckdb:");
    }

    @AfterAll
    static void disconnect() throws SQLException {
        connection.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "select * from events;",
                "FROM trades",
                "TABLE trades",
                "VALUES (1, 'a'), (2, 'b')",
                "SELECT * FROM lake.main.trades, main.quotes_f64, lake.bars",
                "SELECT * FROM \"Trades\" WHERE symbol = $1 AND price > $2",
                "WITH x AS (SELECT * FROM trades), y AS (SELECT * FROM x) SELECT * FROM y JOIN x USING (sequence)",
                "WITH x AS MATERIALIZED (SELECT 1) SELECT (SELECT count(*) FROM x)",
                "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 9) SELECT * FROM r",
                "SELECT symbol, sum(price * size), grouping(symbol) FROM trades GROUP BY ROLLUP (symbol) HAVING true"
                        + " ORDER BY 1 DESC NULLS LAST, 2 ASC LIMIT 10 OFFSET 2",
                "SELECT * FROM trades t ASOF JOIN quotes q ON t.symbol = q.symbol AND t.event_time >= q.event_time",
                "SELECT *, row_number() OVER (PARTITION BY symbol ORDER BY sequence) AS n FROM trades QUALIFY n = 1",
                "SELECT * EXCLUDE (tenant) REPLACE (1 AS edge) FROM trades LIMIT 5%",
                "SELECT unnest(bid_prices), list_transform(bid_sizes, lambda x: x * 2) FROM book_deltas",
                "SELECT * FROM trades PIVOT (sum(size) FOR side IN ('buy', 'sell'))",
                "SELECT DISTINCT ON (symbol) symbol FROM trades TABLESAMPLE 10%",
                "SELECT * FROM trades, LATERAL (SELECT trades.price) x, unnest([1, 2]) u, generate_series(1, 2), range(3)",
                "SELECT CASE WHEN price > 1 THEN 'a' ELSE 'b' END, price::DOUBLE, TRY_CAST(symbol AS INTEGER),"
                        + " symbol LIKE 'B%', symbol IN ('a'), price BETWEEN 1 AND 2, NOT true, symbol COLLATE nocase,"
                        + " EXISTS (SELECT 1), {'a': 1}, [1][1], MAP {'a': 1}, INTERVAL 3 DAYS, coalesce(price, 0),"
                        + " current_date, extract(year FROM now()), event_time AT TIME ZONE 'UTC' FROM trades",
                "SELECT 1 UNION ALL (SELECT 2 INTERSECT SELECT 3) EXCEPT SELECT 4",
                "SELECT max(event_time), arg_max(price, sequence), quantile_cont(price_f, 0.5), histogram(side)"
                        + " FILTER (WHERE true) FROM (SELECT *, price::DOUBLE AS price_f FROM trades)",
                "DESCRIBE trades",
                "SUMMARIZE trades_f64",
                "SHOW TABLES",
                "SELECT * FROM information_schema.columns WHERE table_name = 'trades'",
                "SELECT 'COPY x TO y; DROP TABLE z' AS text -- INSERT INTO a",
            })
    void aSelectOverTheViewsPasses(String sql) throws SQLException {
        GUARD.check(connection, sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // More than one, or none.
                "SELECT 1; SELECT 2",
                "SELECT 1; DROP VIEW trades",
                "",
                "-- nothing",
                "SELECT 1 \u0000",
                // Statements that are no SELECT.
                "COPY trades TO '/tmp/x.csv'",
                "COPY (SELECT 1) TO '/tmp/x.parquet' (FORMAT parquet)",
                "EXPORT DATABASE '/tmp/x'",
                "IMPORT DATABASE '/tmp/x'",
                "ATTACH '/tmp/x.duckdb' AS x",
                "DETACH lake",
                "USE lake",
                "INSTALL httpfs",
                "LOAD httpfs",
                "FORCE INSTALL spatial",
                "PRAGMA database_list",
                "PRAGMA memory_limit='1TB'",
                "SET memory_limit = '1TB'",
                "SET enable_external_access = true",
                "RESET memory_limit",
                "CALL pragma_version()",
                "CREATE TABLE x (a INTEGER)",
                "CREATE TEMP TABLE x AS SELECT 1",
                "CREATE OR REPLACE VIEW trades AS SELECT 1",
                "CREATE MACRO f(x) AS x",
                "CREATE SECRET (TYPE s3)",
                "INSERT INTO events SELECT * FROM events",
                "UPDATE events SET price = 0",
                "DELETE FROM events",
                "TRUNCATE events",
                "MERGE INTO events USING trades ON true WHEN MATCHED THEN DELETE",
                "DROP VIEW events",
                "ALTER VIEW events RENAME TO x",
                "CHECKPOINT",
                "VACUUM",
                "ANALYZE",
                "BEGIN",
                "COMMIT",
                "EXPLAIN ANALYZE SELECT 1",
                "PREPARE x AS SELECT 1",
                "EXECUTE x",
                "PIVOT trades ON side USING sum(size)",
                // Writing inside of a SELECT.
                "WITH x AS (COPY trades TO '/tmp/x.csv') SELECT 1",
                "WITH x AS (COPY (SELECT 1) TO '/tmp/x.csv' (use_tmp_file false)) SELECT * FROM x",
                "WITH x AS (INSERT INTO events SELECT 1 RETURNING *) SELECT * FROM x",
                "WITH x AS (DELETE FROM events RETURNING *) SELECT * FROM x",
                "WITH x AS (UPDATE events SET price = 0 RETURNING *) SELECT * FROM x",
                "SELECT * FROM (WITH x AS (DELETE FROM events RETURNING *) SELECT * FROM x)",
                "SELECT (WITH x AS (COPY trades TO '/tmp/x.csv') SELECT 1)",
                // Files and system tables as tables.
                "SELECT * FROM '/etc/passwd'",
                "SELECT * FROM \"/tmp/x.parquet\"",
                "SELECT * FROM 'x.csv'",
                "DESCRIBE 'x.parquet'",
                "SUMMARIZE 'x.parquet'",
                "SELECT * FROM trades, (SELECT * FROM 'x.json')",
                "SELECT 1 WHERE EXISTS (FROM 'x.csv')",
                "SELECT * FROM duckdb_settings",
                "SELECT * FROM main.duckdb_views",
                "SELECT * FROM duckdb_views()",
                "SELECT * FROM sqlite_master",
                "SELECT * FROM pg_catalog.pg_views",
                "SELECT * FROM information_schema.views",
                "SELECT * FROM other.main.trades",
                "SELECT * FROM temp.main.trades",
                "SELECT * FROM system.main.duckdb_settings",
                "SHOW DATABASES",
                "SHOW ALL TABLES",
                "SHOW trades",
                "SELECT * FROM trades AT (VERSION => 1)",
                // Names of common table expressions outside of where they are known.
                "WITH duckdb_settings AS (SELECT * FROM duckdb_settings) SELECT * FROM duckdb_settings",
                "WITH a AS (SELECT * FROM duckdb_views), duckdb_views AS (SELECT 1) SELECT * FROM a",
                "SELECT * FROM (WITH \"x.csv\" AS (SELECT 1) SELECT * FROM \"x.csv\"), 'x.csv'",
                "WITH RECURSIVE \"x.csv\" AS (SELECT * FROM 'x.csv' UNION ALL SELECT 1) SELECT 1",
                // Functions that read, remember or tell too much.
                "SELECT * FROM read_parquet('/tmp/*.parquet')",
                "SELECT * FROM parquet_scan(['/tmp/x.parquet'])",
                "SELECT * FROM read_csv('/etc/passwd')",
                "SELECT * FROM read_csv_auto('/etc/passwd')",
                "SELECT * FROM sniff_csv('/etc/passwd')",
                "SELECT * FROM read_text('/etc/passwd')",
                "SELECT * FROM read_blob('/etc/passwd')",
                "SELECT * FROM read_json('/etc/passwd')",
                "SELECT * FROM read_ndjson_objects('/etc/passwd')",
                "SELECT * FROM read_duckdb('/tmp/x.duckdb')",
                "SELECT * FROM parquet_metadata('/tmp/x.parquet')",
                "SELECT * FROM glob('/etc/*')",
                "SELECT * FROM query('SELECT 1')",
                "SELECT * FROM query_table('duckdb_settings')",
                "SELECT * FROM json_execute_serialized_sql('{}')",
                "SELECT * FROM seq_scan('events')",
                "SELECT * FROM histogram('events', price)",
                "SELECT * FROM pragma_table_info('events')",
                "SELECT * FROM duckdb_secrets()",
                "SELECT * FROM which_secret('s3://x', 's3')",
                "SELECT * FROM enable_logging()",
                "SELECT * FROM checkpoint()",
                "SELECT * FROM arrow_scan(1::UBIGINT, 2::UBIGINT, 3::UBIGINT)",
                "SELECT * FROM main.read_text('/etc/passwd')",
                "SELECT * FROM system.main.read_text('/etc/passwd')",
                "SELECT getenv('HOME')",
                "SELECT 'HOME'.getenv()",
                "SELECT main.getenv('HOME')",
                "SELECT system.main.upper('x')",
                "SELECT current_setting('secret_directory')",
                "SELECT getvariable('x')",
                "SELECT nextval('s')",
                "SELECT write_log('x')",
                "SELECT sleep_ms(100000)",
                "SELECT pg_sleep(100000)",
                "SELECT * FROM trades ORDER BY getenv('HOME')",
                "SELECT * FROM trades LIMIT getenv('HOME')::INT",
                "SELECT sum(price) FILTER (WHERE getenv('X') = '') FROM trades",
                "SELECT sum(1) OVER (ORDER BY getenv('X')) FROM trades",
                "SELECT list_transform([1], lambda x: getenv('X'))",
                "SELECT COLUMNS(c -> getenv(c) = '') FROM trades",
                "SELECT * REPLACE (getenv('X') AS edge) FROM trades",
                "SELECT * FROM trades GROUP BY getenv('X')",
                "SELECT * FROM (VALUES (getenv('X')))",
                "SELECT * FROM unnest([getenv('X')])",
                "SELECT CAST(1 AS no_such_type)",
                "SELECT '\\x00'::BLOB::AGGREGATE_STATE",
                "SELECT sum(1) EXPORT_STATE",
                "SELECT finalize(sum(1) EXPORT_STATE)",
                "SELEKT 1",
            })
    void everythingElseIsRefused(String sql) {
        assertThrows(RefusedException.class, () -> GUARD.check(connection, sql));
    }

    @Test
    void aReasonSaysWhatToDoInstead() {
        assertReason("COPY trades TO 'x'", "refused: only a single SELECT is run here");
        assertReason("SELECT 1; SELECT 2", "refused: only a single SELECT is run here, not 2 statements at once");
        assertReason(
                "SELECT * FROM 'x.csv'", "refused: there is no table \"x.csv\"; SHOW TABLES lists what can be read");
        assertReason("SELECT getenv('HOME')", "refused: the function getenv is not available here");
        assertReason("SELECT * FROM read_text('x')", "refused: the table function read_text is not available here");
        assertReason(
                "WITH x AS (COPY trades TO 'x') SELECT 1", "refused: only SELECT is run here, and this holds a copy");
    }

    private static void assertReason(String sql, String start) {
        RefusedException refused = assertThrows(RefusedException.class, () -> GUARD.check(connection, sql));
        assertTrue(String.valueOf(refused.getMessage()).startsWith(start), String.valueOf(refused.getMessage()));
    }

    @Test
    void aStatementNestedWithoutEndIsRefusedAndDoesNotEndTheProcess() {
        String deep = "SELECT " + "(".repeat(5000) + "1" + ")".repeat(5000);
        assertThrows(RefusedException.class, () -> GUARD.check(connection, deep));
        String longer = "SELECT " + "-".repeat(1) + "1 + ".repeat(20_000) + "1";
        assertThrows(RefusedException.class, () -> GUARD.check(connection, longer));
        String longest = "SELECT '" + "x".repeat(SqlGuard.MAX_LENGTH) + "'";
        assertThrows(RefusedException.class, () -> GUARD.check(connection, longest));
    }

    @Test
    void everyFunctionOfTheEngineHasBeenLookedAt() throws Exception {
        Set<String> refused;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(SqlGuardTest.class.getResourceAsStream("refused-functions.txt")),
                StandardCharsets.UTF_8))) {
            refused = lines.lines().filter(line -> !line.startsWith("# ")).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Set<String> unknown = new TreeSet<>();
        Set<String> both = new TreeSet<>();
        try (ResultSet rows = connection
                .createStatement()
                .executeQuery("SELECT DISTINCT lower(function_name) FROM duckdb_functions()"
                        + " WHERE function_type NOT IN ('table', 'table_macro', 'pragma')")) {
            while (rows.next()) {
                String name = rows.getString(1);
                if (AllowedFunctions.scalar(name) == refused.contains(name)) {
                    (refused.contains(name) ? both : unknown).add(name);
                }
            }
        }
        assertEquals(Set.of(), unknown, "new in this engine: allow or refuse each");
        assertEquals(Set.of(), both);
    }
}
