package io.tidemark.edge.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.edge.Recordings;
import io.tidemark.edge.log.LogFixture;
import io.tidemark.edge.log.LogStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command, on recorded files, read back by DuckDB from the segments it left. */
class LoadCommandTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("load", "--edge", "pi", "--no-kafka", "--json"));
        all.add("--data-dir");
        all.add(folder.resolve("data").toString());
        all.addAll(List.of(arguments));
        PrintStream stdout = System.out;
        PrintStream stderr = System.err;
        out.reset();
        err.reset();
        try {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
            return EdgeCommand.run(all.toArray(new String[0]));
        } finally {
            System.setOut(stdout);
            System.setErr(stderr);
        }
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private JsonNode summary() throws Exception {
        return new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
    }

    private static String data(String relative) {
        return Recordings.folder().resolve(relative).toString();
    }

    /** The first row of a query; {@code $S} is the list of a source's segments. */
    private List<String> query(String source, String sql) throws SQLException {
        String files = folder.resolve("data/raw/ready/load/*/exchange=" + source + "/**/*.parquet")
                .toString();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet rows = statement.executeQuery(sql.replace(
                        "$S", "read_parquet('" + files + "', hive_partitioning=false, union_by_name=true)"))) {
            rows.next();
            List<String> row = new ArrayList<>();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                row.add(String.valueOf(rows.getObject(i)));
            }
            return row;
        }
    }

    @Test
    void barsOfACsvAreLoadedExactlyAndOnce() throws Exception {
        String file = data("bars/nautilus/btc-perp-20211231-20220201_1m.csv.gz");
        String[] arguments = {
            file, "--format", "csv", "--source", "nautilus", "--symbol", "BTC-PERP", "--timeframe", "1m"
        };
        assertEquals(0, run(arguments), errors());
        assertEquals(45_031, summary().path("loaded").asLong());
        // The same file as the other reader reads it, as texts, cell by cell.
        assertEquals(
                List.of("45031", "45031"),
                query(
                        "nautilus",
                        "SELECT count(*), count(*) FILTER (c.open::DECIMAL(38,18) = s.open AND "
                                + "c.high::DECIMAL(38,18) = s.high AND c.low::DECIMAL(38,18) = s.low AND "
                                + "c.close::DECIMAL(38,18) = s.close AND c.volume::DECIMAL(38,18) = s.volume AND s.vendor = "
                                + "'nautilus' AND s.timeframe = '1m' AND s.exchange_time = s.open_time) FROM $S s "
                                + "JOIN read_csv('" + file + "', all_varchar=true) c "
                                + "ON epoch_ns(c.timestamp::TIMESTAMP_NS) = epoch_ns(s.open_time)"));
        assertEquals(0, run(arguments), errors());
        assertEquals(0, summary().path("loaded").asLong());
        assertTrue(summary().path("files").path(0).path("already_loaded").asBoolean());
        assertEquals(List.of("45031"), query("nautilus", "SELECT count(*) FROM $S"));
    }

    @Test
    void floatsOfAnotherProgramAreRefusedOrRoundedAsTheUserSays() throws Exception {
        String file = data("bars/freqtrade/UNITTEST_BTC-1m.json.gz");
        String[] arguments = {
            file, "--format", "json-arrays", "--source", "freqtrade", "--symbol", "UNITTEST-BTC", "--timeframe", "1m"
        };
        assertEquals(0, run(arguments), errors());
        assertEquals(13_681, summary().path("loaded").asLong());
        assertEquals(0, summary().path("rounded").asLong());
        assertEquals(
                List.of("13681", "13681"),
                query(
                        "freqtrade",
                        "SELECT count(*), count(*) FILTER (s.open = (j->>1)::DECIMAL(38,18) AND s.volume = "
                                + "(j->>5)::DECIMAL(38,18)) FROM $S s JOIN (SELECT unnest(json::JSON[]) j FROM read_json('"
                                + file
                                + "', format='unstructured', records=false, columns={json: 'JSON'}, maximum_object_size=100000000)) ON (j->>0)::BIGINT * 1000000 = "
                                + "epoch_ns(s.open_time)"));

        String quotes = data("bars/lean-coinbase-btcusd-minute/20180404_quote.zip");
        assertEquals(3, run(quotes, "--format", "lean-crypto", "--source", "lean", "--symbol", "BTC-USD"));
        assertTrue(errors().contains("line 2: volume: \"2.5833652000000003\"") || errors().contains("more than 18"));
        long refused = summary().path("rejected").asLong();
        assertTrue(refused > 0);
        assertEquals(1437, refused + summary().path("records").asLong() / 2);
        try (Stream<Path> kept = Files.list(folder.resolve("data/quarantine/lean"))) {
            assertEquals(refused, Files.lines(kept.findFirst().orElseThrow()).count());
        }
        assertEquals(
                0,
                run(
                        quotes,
                        "--format",
                        "lean-crypto",
                        "--source",
                        "lean-rounded",
                        "--symbol",
                        "BTC-USD",
                        "--on-bad-number",
                        "round"),
                errors());
        assertEquals(2 * 1437, summary().path("loaded").asLong());
        long rounded = summary().path("rounded").asLong();
        assertTrue(rounded >= refused, rounded + " rounded, " + refused + " refused");
        assertEquals(
                List.of("2874", Long.toString(rounded)),
                query("lean-rounded", "SELECT count(*), count(*) FILTER (rounded) FROM $S"));
    }

    @Test
    void leanDaysHaveTheirPricesAndTheirWallTime() throws Exception {
        assertEquals(
                0,
                run(
                        data("bars/lean-coinbase-btcusd-minute/20180404_trade.zip"),
                        data("bars/lean-coinbase-btcusd-minute/20180405_trade.zip"),
                        data("bars/lean-coinbase-btcusd-minute/20180406_trade.zip"),
                        "--format",
                        "lean-crypto",
                        "--source",
                        "lean",
                        "--symbol",
                        "BTC-USD"),
                errors());
        assertEquals(1_007, summary().path("files").path(0).path("loaded").asLong());
        assertEquals(1_440, summary().path("files").path(1).path("loaded").asLong());
        assertEquals(1_440, summary().path("files").path(2).path("loaded").asLong());
        assertEquals(
                0,
                run(
                        data("bars/lean-equity-aapl-minute/20140609_trade.zip"),
                        "--format",
                        "lean-equity",
                        "--source",
                        "lean-us"),
                errors());
        // 04:00 in New York's summer, at the price from before the split.
        assertEquals(
                List.of("834", "1402300800000000000", "645.570000000000000000", "AAPL"),
                query(
                        "lean-us",
                        "SELECT count(*), epoch_ns(min(open_time))::VARCHAR, arg_min(open, open_time)::VARCHAR, "
                                + "any_value(symbol) FROM $S"));
        assertEquals(
                0, run(data("bars/lean-equity-daily/spy.zip"), "--format", "lean-equity", "--source", "lean-daily"));
        assertEquals(
                List.of("5849", "97.310000000000000000"),
                query("lean-daily", "SELECT count(*), arg_min(open, open_time)::VARCHAR FROM $S"));
        assertEquals(
                0,
                run(
                        data("options/lean-minute/aapl_20140606_trade_american.zip"),
                        "--format",
                        "lean-option",
                        "--source",
                        "lean-options"),
                errors());
        assertEquals(
                List.of("1185", summary().path("loaded").asText()),
                query("lean-options", "SELECT count(DISTINCT symbol), count(*) FROM $S"));
    }

    @Test
    void factsOfACompanyAreLoadedExactly() throws Exception {
        String file = data("fundamentals/sec/companyfacts-snowflake.json.gz");
        assertEquals(0, run(file, "--format", "sec-facts", "--source", "edgar-history", "--symbol", "SNOW"), errors());
        assertEquals(
                List.of("8163", "339", "1141", "445", "CIK0001640147"),
                query(
                        "edgar-history",
                        "SELECT count(*), count(DISTINCT taxonomy || concept), count(*) FILTER (value < 0), "
                                + "count(*) FILTER (value <> floor(value)), any_value(venue_symbol) FROM $S"));
    }

    @Test
    void chainsOfOptionsAreLoadedExactly() throws Exception {
        assertEquals(
                0,
                run(
                        data("options/lean-universe/aapl_20140606.csv.gz"),
                        data("options/lean-universe/aapl_20140609.csv.gz"),
                        "--format",
                        "lean-universe",
                        "--source",
                        "lean-chain"),
                errors());
        assertEquals(2_180, summary().path("files").path(0).path("loaded").asLong());
        assertEquals(4_360, summary().path("files").path(1).path("loaded").asLong());
        assertEquals(
                List.of("6540", "2820", "-14.890765300000000000", "92.720000000000000000"),
                query(
                        "lean-chain",
                        "SELECT count(*), count(*) FILTER (open_interest IS NULL), "
                                + "any_value(rho) FILTER (strike = 950 AND option_right = 'put' AND rho <> 0 AND expiry > "
                                + "'2015-12-31')::VARCHAR, any_value(underlying_price)::VARCHAR FROM $S"));
        assertEquals(
                0,
                run(
                        data("options/yahoo/options-AAPL.json.gz"),
                        data("options/yahoo/options-QQQ.json.gz"),
                        data("options/yahoo/options-BABA.json.gz"),
                        "--format",
                        "yahoo-options",
                        "--source",
                        "yahoo",
                        "--on-bad-number",
                        "round"),
                errors());
        assertEquals(
                List.of("478", "233", "102"),
                query(
                        "yahoo",
                        "SELECT count(*), count(*) FILTER (option_right = 'call'), count(*) FILTER (symbol = 'AAPL') FROM "
                                + "$S"));
    }

    @Test
    void newsAndFilingsAreLoaded() throws Exception {
        assertEquals(
                0,
                run(
                        data("news/yahoo/search-AAPL.json.gz"),
                        data("news/yahoo/search-SPOT.json.gz"),
                        "--format",
                        "yahoo-news",
                        "--source",
                        "yahoo-news"),
                errors());
        assertEquals(8, summary().path("loaded").asLong());
        assertEquals(
                0,
                run(data("news/sec/submissions-tesla.json.gz"), "--format", "sec-submissions", "--source", "filings"));
        assertEquals(
                List.of("1001", "1001", "163"),
                query(
                        "filings",
                        "SELECT count(*), count(DISTINCT item_id), count(*) FILTER (regexp_matches(title, ': 8-K( |$)'))"
                                + " FROM $S"));
    }

    @Test
    void aParquetFileOfDoublesHasTheShortestDecimals() throws Exception {
        String file = folder.resolve("bars.parquet").toString();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            statement.execute("COPY (SELECT TIMESTAMPTZ '2020-01-01 00:00:00+00' + INTERVAL (i) MINUTE AS date, "
                    + "0.1 + i::DOUBLE AS open, 5.330000000000001E-5::DOUBLE AS high, 1e-7::DOUBLE AS low, i::BIGINT AS "
                    + "close, (i / 8.0)::DECIMAL(18,3) AS volume FROM range(1000) t(i)) TO '" + file
                    + "' (FORMAT parquet)");
        }
        String[] arguments = {file, "--source", "mine", "--symbol", "A-B", "--timeframe", "1m"};
        assertEquals(3, run(arguments));
        assertTrue(errors().contains("row 1: high: \"0.00005330000000000001\" has more than 18 decimals")
                || errors().contains("has more than 18 decimals"));
        String[] rounding = {
            file, "--source", "mine-too", "--symbol", "A-B", "--timeframe", "1m", "--on-bad-number", "round"
        };
        assertEquals(0, run(rounding), errors());
        assertEquals(
                List.of("1000", "1000", "0.000053300000000000", "0.000000100000000000", "0.100000000000000000", "1000"),
                query(
                        "mine-too",
                        "SELECT count(*), count(*) FILTER (rounded), any_value(high)::VARCHAR, any_value(low)::VARCHAR, "
                                + "min(open)::VARCHAR, count(*) FILTER (open = close + 0.1) FROM $S"));
    }

    @Test
    void rubbishLeavesNothingBehindAndSaysWhere() throws Exception {
        Path cut = folder.resolve("cut.json");
        Files.writeString(cut, "[[1600000000000,1,2,0.5,1,10],[1600000060000,1,2,0.5");
        assertEquals(
                1,
                run(cut.toString(), "--format", "json-arrays", "--source", "a", "--symbol", "A", "--timeframe", "1m"));
        assertTrue(errors().contains("cut.json: no JSON at line 1"), errors());
        assertFalse(Files.exists(folder.resolve("data/raw/ready/load")));

        Path rows = folder.resolve("rows.csv");
        Files.writeString(
                rows,
                "when,o,h,l,c,v\n2020-01-01 00:00,1,2,0.5,NaN,10\n2020-01-01 00:01,1,2,0.5,1,\"1\"\n"
                        + "2020-01-01 00:02,1,2,0.5,1,1e-19\nyesterday,1,2,0.5,1,1\n2020-01-01 00:03,1,2\n");
        String[] arguments = {
            rows.toString(), "--map", "time=when", "--source", "b", "--symbol", "A", "--timeframe", "1m"
        };
        assertEquals(3, run(arguments));
        assertTrue(errors().contains("rows.csv: line 2: close: \"NaN\" is no number"), errors());
        assertTrue(errors().contains("line 4: volume: \"1e-19\" has more than 18 decimals"), errors());
        assertTrue(errors().contains("line 5: time: \"yesterday\" is no time"), errors());
        assertTrue(errors().contains("line 6: low is missing: the row has 3 fields"), errors());
        assertEquals(List.of("1"), query("b", "SELECT count(*) FROM $S"));

        assertEquals(2, run(rows.toString(), "--source", "c", "--symbol", "A"));
        assertTrue(errors().contains("--timeframe"), errors());
        assertEquals(1, run(rows.toString(), "--source", "c", "--symbol", "A", "--timeframe", "1m"));
        assertTrue(errors().contains("there is no column for time; there are when, o, h, l, c, v"), errors());
    }

    @Test
    void aDryRunKeepsNothingAndAFolderInUseIsLeftAlone() throws Exception {
        Path rows = folder.resolve("rows.csv");
        Files.writeString(rows, "time,open,high,low,close,volume\n2020-01-01T00:00:00Z,1,2,0.5,1,10\n");
        String[] arguments = {rows.toString(), "--source", "b", "--symbol", "A", "--timeframe", "1m"};
        List<String> dry = new ArrayList<>(List.of(arguments));
        dry.add("--dry-run");
        assertEquals(0, run(dry.toArray(new String[0])), errors());
        assertEquals(1, summary().path("records").asLong());
        assertFalse(Files.exists(folder.resolve("data")));
        Files.createDirectories(folder.resolve("data"));
        try (LogStore used = LogStore.open(
                folder.resolve("data"),
                "pi",
                "default",
                LogFixture.Settings.USUAL,
                InstantSource.system(),
                new SimpleMeterRegistry())) {
            assertTrue(used.incarnation() > 0);
            assertEquals(1, run(arguments));
            assertEquals(
                    "load: the data folder " + folder.resolve("data").toAbsolutePath()
                            + " is used by another edge that is running",
                    errors().strip());
        }
    }
}
