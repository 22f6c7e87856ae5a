package io.tidemark.lake.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.lake.corpus.SealedCorpus;
import io.tidemark.lake.run.CandleFixtures.Candle;
import io.tidemark.lake.source.DatabaseAddress;
import io.tidemark.local.database.EmbeddedDatabase;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slices and corpora from a real PostgreSQL, with the store's view and its row-level security. */
class PostgresSlicesIT {
    /** The view is the store-writer's; what it promises is held here against what it is. */
    private static final Path MIGRATIONS = Path.of("../store-writer/src/main/resources/db/migration");

    @TempDir
    static Path databaseFolder;

    private static EmbeddedDatabase database;

    @TempDir
    Path root;

    @TempDir
    Path files;

    @BeforeAll
    static void start() throws Exception {
        Lakes.limits();
        database = EmbeddedDatabase.start(databaseFolder);
        try (Connection connection = connect("default");
                Statement statement = connection.createStatement();
                Stream<Path> migrations = Files.list(MIGRATIONS)) {
            List<Path> sorted = migrations
                    .sorted(Comparator.comparingInt(file ->
                            Integer.parseInt(file.getFileName().toString().replaceAll("^V(\\d+)__.*", "$1"))))
                    .toList();
            for (Path migration : sorted) {
                statement.execute(Files.readString(migration).replace("${tenant}", "nobody"));
            }
        }
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        for (String tenant : List.of("default", "other")) {
            try (Connection connection = connect(tenant);
                    Statement statement = connection.createStatement()) {
                statement.execute("DELETE FROM bars_ohlcv");
            }
        }
    }

    private static Connection connect(String tenant) throws SQLException {
        Connection connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET tidemark.tenant = '" + tenant + "'");
        }
        return connection;
    }

    private static void insert(String tenant, List<Candle> candles) throws SQLException {
        try (Connection connection = connect(tenant);
                PreparedStatement statement = connection.prepareStatement(
                        "INSERT INTO bars_ohlcv (tenant_id, vendor, symbol, timeframe, ts, open, high, low, close, volume,"
                                + " ts_ns, source, trade_count, revision, complete, rounded, edge)"
                                + " VALUES (?, ?, ?, '1m', to_timestamp(?), ?, ?, ?, ?, ?, 0, '', 1, 0, true, false, 'pi')");
                PreparedStatement ensure =
                        connection.prepareStatement("SELECT tidemark_ensure_month('bars_ohlcv', ?::date)")) {
            connection.setAutoCommit(false);
            int batched = 0;
            Set<String> months = new HashSet<>();
            for (Candle candle : candles) {
                String month = Instant.ofEpochMilli(candle.tsMs()).toString().substring(0, 7) + "-01";
                if (months.add(month)) {
                    ensure.setString(1, month);
                    ensure.execute();
                }
                statement.setString(1, tenant);
                statement.setString(2, candle.source());
                statement.setString(3, candle.symbol());
                statement.setLong(4, candle.tsMs() / 1000);
                for (int number = 0; number < 5; number++) {
                    statement.setBigDecimal(
                            5 + number, new BigDecimal(candle.numbers().get(number)));
                }
                statement.addBatch();
                if (++batched % 2_000 == 0) {
                    statement.executeBatch();
                }
            }
            statement.executeBatch();
            connection.commit();
        }
    }

    private CandleSources sources() {
        return new CandleSources(
                root,
                RawFolder.TENANT,
                () -> DatabaseAddress.parse(database.jdbcUrl(), database.user(), database.password()),
                500);
    }

    private SliceRun.Result slices(Path config, int workers) throws IOException {
        return new SliceRun(sources(), workers, 1_000_000, Duration.ofSeconds(30), ExportProgress.SILENT)
                .run(config, false);
    }

    private CorpusRun.Result corpus(Path config, int workers) throws IOException {
        return new CorpusRun(sources(), workers, Duration.ofSeconds(30), ExportProgress.SILENT).run(config, false);
    }

    private Path slicesConfig() throws IOException {
        return CandleFixtures.config(
                files.resolve("slices.json"),
                "kind",
                "\"slices\"",
                "alerts",
                "\"alerts.csv\"",
                "pre_candles",
                "60",
                "post_candles",
                "30");
    }

    @Test
    void slicesOfAllRecordedCandlesAreWhatSqlComputesAndOtherTenantsStayUnseen() throws Exception {
        List<Candle> candles = CandleFixtures.allRecorded();
        insert("default", candles);
        insert("other", CandleFixtures.generated(1, 4, 100));
        CandleFixtures.csv(files.resolve("candles.csv"), candles);
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        CandleFixtures.alerts(files.resolve("alerts.csv"), seed, candles, 500);
        SliceRun.Result result = slices(slicesConfig(), 2);
        SealedRuns runs = new SealedRuns(Lakes.tenant(root));
        String id = String.valueOf(result.report().get("run_id"));
        SliceOracle.check(runs.folder(id), files.resolve("candles.csv"), files.resolve("alerts.csv"), 60, 30);
        Map<String, String> before = Lakes.contents(Lakes.tenant(root));
        assertEquals(true, slices(slicesConfig(), 1).report().get("sealed_before"));
        assertEquals(before, Lakes.contents(Lakes.tenant(root)));
        insert(
                "default",
                List.of(new Candle("coinbase", "NEW-USD", 0, candles.get(0).numbers())));
        assertEquals(true, slices(slicesConfig(), 1).report().get("sealed_before"), "no alert saw the new candle");
    }

    @Test
    void aCorpusGrowsByWhatIsNewAndHoldsEachCandleOnce() throws Exception {
        List<Candle> candles = CandleFixtures.generated(9, 12, 300);
        Path config = CandleFixtures.config(files.resolve("corpus.json"), "kind", "\"corpus\"", "rows_per_part", "40");
        // More generations than a reader keeps in memory.
        for (int step = 0; step < 7; step++) {
            long from = CandleFixtures.START_MS + step * 50 * 60_000L;
            long to = step == 6 ? Long.MAX_VALUE : from + 50 * 60_000L;
            List<Candle> arrived = candles.stream()
                    .filter(candle -> candle.tsMs() >= from && candle.tsMs() < to)
                    .toList();
            insert("default", arrived);
            assertEquals(
                    (long) arrived.size(), corpus(config, 1 + step % 2).report().get("rows"));
            assertEquals(false, corpus(config, 2).report().get("sealed"), "nothing new");
        }
        SealedCorpus corpus = SealedCorpus.read(Lakes.tenant(root), "candles");
        assertEquals(7, corpus.generation());
        CandleFixtures.csv(files.resolve("candles.csv"), candles);
        CandleFixtures.alerts(files.resolve("alerts.csv"), 4, candles, 300);
        Path slices = CandleFixtures.config(
                files.resolve("slices.json"),
                "kind",
                "\"slices\"",
                "alerts",
                "\"alerts.csv\"",
                "candles",
                "\"corpus\"",
                "pre_candles",
                "60",
                "post_candles",
                "30");
        String id = String.valueOf(slices(slices, 2).report().get("run_id"));
        SliceOracle.check(
                new SealedRuns(Lakes.tenant(root)).folder(id),
                files.resolve("candles.csv"),
                files.resolve("alerts.csv"),
                60,
                30);
        assertEquals(
                List.of(),
                CandleCheck.check(Lakes.tenant(root), true, ExportProgress.SILENT)
                        .problems());
    }

    @Test
    void aDatabaseThatIsNotThereIsNamedWithoutItsPassword() throws Exception {
        CandleFixtures.alerts(files.resolve("alerts.csv"), 4, CandleFixtures.generated(9, 1, 10), 3);
        CandleSources wrong = new CandleSources(
                root,
                RawFolder.TENANT,
                () -> DatabaseAddress.parse("postgresql://u:secret@127.0.0.1:1/nothing", "", ""),
                500);
        IOException refused = assertThrows(
                IOException.class,
                () -> new SliceRun(wrong, 1, 1_000, Duration.ZERO, ExportProgress.SILENT).run(slicesConfig(), false));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains("127.0.0.1:1/nothing") && !message.contains("secret"), message);
    }
}
