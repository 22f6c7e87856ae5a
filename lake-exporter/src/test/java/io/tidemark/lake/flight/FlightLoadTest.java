package io.tidemark.lake.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Large results, many clients, and everything that has to end. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FlightLoadTest {
    /** Runs for hours on any machine, and gives its first row at the end. */
    private static final String ENDLESS =
            "SELECT count(*) FROM range(10000000) AS a(x), range(10000000) AS b(y) WHERE (x * y) % 7 = 3";

    /** As long, but streams; very few rows come, so that the engine is busy between them. */
    private static final String ENDLESS_STREAM =
            "SELECT x, y FROM range(10000000) AS a(x), range(10000000) AS b(y) WHERE x * y = -1";

    private static final String ENDLESS_ROWS = "SELECT x, y FROM range(10000000) AS a(x), range(10000000) AS b(y)";

    @TempDir
    Path folder;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<LakeFlightServer> servers = new ArrayList<>();
    private TestLake lake;

    @BeforeEach
    void create() {
        lake = new TestLake(folder);
    }

    @AfterEach
    void stop() {
        servers.forEach(LakeFlightServer::close);
    }

    @Test
    void aMillionExactRowsStreamThroughLittleMemory() throws Exception {
        int rowCount = 1_000_000;
        lake.sealTrades("BTC-USDT", rowCount);
        LakeFlightServer server = serve(limits(Duration.ofSeconds(100), 2_000_000, 4, 32, 32L << 20));
        try (Connection connection = TestLake.connect(server);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT sequence, price, event_time FROM trades")) {
            long seen = 0;
            long sequences = 0;
            BigDecimal prices = BigDecimal.ZERO;
            while (rows.next()) {
                seen++;
                sequences += rows.getLong(1);
                prices = prices.add(rows.getBigDecimal(2));
            }
            assertEquals(rowCount, seen);
            assertEquals(499_999_500_000L, sequences);
            assertEquals(new BigDecimal("499999500000.000000000001000000"), prices);
        }
        assertEquals(rowCount, registry.get("lake.flight.rows").counter().count());
    }

    @Test
    void aClientThatDoesNotReadHoldsTheResultBackAndNotInMemory() throws Exception {
        LakeFlightServer server = serve(limits(Duration.ofSeconds(100), 1_000_000_000L, 4, 32, 32L << 20));
        try (Connection connection = TestLake.connect(server);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(ENDLESS_ROWS)) {
            assertTrue(rows.next());
            double before = -1;
            // The count stands still once the transport is full.
            for (double now = sent(); now != before; now = sent()) {
                before = now;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
            }
            assertTrue(before < 50_000_000, "rows sent without being read: " + before);
        }
        await(() -> running() == 0);
    }

    private double sent() {
        return registry.get("lake.flight.rows").counter().count();
    }

    @Test
    void manyClientsGetTheirOwnAnswers() throws Exception {
        lake.sealTrades("BTC-USDT", 20_000);
        LakeFlightServer server = serve(limits(Duration.ofSeconds(100), 1_000_000, 3, 64, 64L << 20));
        ExecutorService clients = Executors.newFixedThreadPool(12);
        try {
            List<Future<Long>> answers = new ArrayList<>();
            for (int i = 0; i < 48; i++) {
                int below = i * 400;
                answers.add(clients.submit((Callable<Long>) () -> {
                    try (Connection connection = TestLake.connect(server);
                            PreparedStatement statement =
                                    connection.prepareStatement("SELECT sequence FROM trades WHERE sequence < ?")) {
                        statement.setLong(1, below);
                        long seen = 0;
                        try (ResultSet rows = statement.executeQuery()) {
                            while (rows.next()) {
                                seen++;
                            }
                        }
                        return seen;
                    }
                }));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertEquals(i * 400L, answers.get(i).get(100, TimeUnit.SECONDS));
            }
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void aQueryThatTakesTooLongEnds() throws Exception {
        LakeFlightServer server = serve(limits(Duration.ofMillis(500), 1_000_000_000L, 2, 2, 64L << 20));
        for (String endless : List.of(ENDLESS, ENDLESS_STREAM)) {
            assertFails(server, endless, "lake.flight.query-timeout");
        }
        await(() -> running() == 0);
        assertEquals(2, outcome("timed_out"));
        assertAnswers(server);
    }

    @Test
    void aResultWithTooManyRowsFails() throws Exception {
        lake.sealTrades("BTC-USDT", 1000);
        LakeFlightServer server = serve(limits(Duration.ofSeconds(60), 999, 2, 2, 64L << 20));
        assertFails(server, "SELECT * FROM trades", "more than 999 rows (lake.flight.max-rows)");
        assertEquals(1, outcome("too_many_rows"));
        assertAnswers(server);
    }

    @Test
    void aQueryEndsWhenItsClientCancelsOrGoesAway() throws Exception {
        LakeFlightServer server = serve(limits(Duration.ofSeconds(100), 1_000_000_000L, 4, 4, 64L << 20));
        for (String endless : List.of(ENDLESS, ENDLESS_STREAM)) {
            Connection connection = TestLake.connect(server);
            Statement statement = connection.createStatement();
            Thread client = new Thread(() -> assertThrows(SQLException.class, () -> {
                try (ResultSet rows = statement.executeQuery(endless)) {
                    rows.next();
                }
            }));
            client.start();
            await(() -> running() == 1);
            statement.cancel();
            closeEarly(connection);
            await(() -> running() == 0);
            client.join(10_000);
            assertFalse(client.isAlive());
        }
        try (Connection connection = TestLake.connect(server);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(ENDLESS_ROWS)) {
            assertTrue(rows.next());
        }
        await(() -> running() == 0);
        assertEquals(3, outcome("cancelled"));
        assertAnswers(server);
    }

    @Test
    void queriesBeyondTheQueueAreTurnedAway() throws Exception {
        LakeFlightServer server = serve(limits(Duration.ofSeconds(15), 1_000_000_000L, 1, 1, 64L << 20));
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Thread client = new Thread(() -> assertFails(server, ENDLESS, "lake.flight.query-timeout"));
            client.start();
            clients.add(client);
        }
        await(() -> running() == 1 && waiting() == 1);
        assertFails(server, "SELECT 1", "busy with 1 queries and 1 wait already");
        for (Thread client : clients) {
            client.join(60_000);
            assertFalse(client.isAlive());
        }
        await(() -> running() == 0);
        assertEquals(1, outcome("turned_away"));
        assertAnswers(server);
    }

    @Test
    void stoppingTheServerEndsItsQueries() throws Exception {
        LakeFlightServer server = serve(limits(Duration.ofSeconds(100), 1_000_000_000L, 2, 2, 64L << 20));
        Thread client = new Thread(() -> assertFails(server, ENDLESS, ""));
        client.start();
        await(() -> running() == 1);
        server.close();
        client.join(20_000);
        assertFalse(client.isAlive());
        assertEquals(0, running());
    }

    @Test
    void aNewGenerationIsSeenAtOnceAndARunningQueryKeepsItsOwn() throws Exception {
        lake.sealTrades("BTC-USDT", 600_000);
        LakeFlightServer server = serve(limits(Duration.ofSeconds(100), 1_000_000_000L, 4, 4, 64L << 20));
        try (Connection connection = TestLake.connect(server);
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT sequence, price, trade_id, symbol, event_time FROM trades")) {
            assertTrue(rows.next());
            lake.sealTrades("ETH-USDT", 5);
            assertEquals(600_005, count(server, "SELECT count(*) FROM trades"));
            assertEquals(2, server.generation());
            long seen = 1;
            while (rows.next()) {
                seen++;
            }
            assertEquals(600_000, seen);
        }
        for (int i = 0; i < 5; i++) {
            lake.sealTrades("SOL-USDT", 1);
            assertEquals(600_006 + i, count(server, "SELECT count(*) FROM trades"));
        }
        assertNull(server.problem());
    }

    @Test
    void whileOldGenerationsAreInUseTheirNumberIsBoundedAndTheNewestFollows() throws Exception {
        LakeFlightServer server = serve(limits(Duration.ofSeconds(100), 1_000_000_000L, 6, 6, 64L << 20));
        List<AutoCloseable> open = new ArrayList<>();
        for (int i = 0; i < CurrentLake.MAX_ENGINES + 2; i++) {
            lake.sealTrades("BTC-USDT", 1);
            Connection connection = TestLake.connect(server);
            Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery(ENDLESS_ROWS);
            assertTrue(rows.next());
            open.addAll(List.of(rows, statement, connection));
        }
        assertTrue(count(server, "SELECT count(*) FROM trades") < lake.generation());
        assertTrue(String.valueOf(server.problem()).contains("the newest waits"));
        for (AutoCloseable one : open) {
            one.close();
        }
        await(() -> running() == 0);
        assertEquals(lake.generation(), count(server, "SELECT count(*) FROM trades"));
        assertNull(server.problem());
    }

    private LakeFlightServer serve(FlightOptions.Limits limits) throws Exception {
        LakeFlightServer server =
                LakeFlightServer.start(TestLake.options(folder.resolve("work"), limits), lake, registry, "test");
        servers.add(server);
        return server;
    }

    private static FlightOptions.Limits limits(
            Duration queryTimeout, long maxRows, int maxQueries, int maxWaiting, long resultMemory) {
        FlightOptions.Limits usual = TestLake.limits();
        return new FlightOptions.Limits(
                queryTimeout,
                usual.planTimeout(),
                maxRows,
                maxQueries,
                maxWaiting,
                usual.engineMemory(),
                resultMemory,
                usual.threads(),
                usual.spill(),
                usual.maxHandles(),
                usual.handleTimeout());
    }

    private double running() {
        return registry.get("lake.flight.running").gauge().value();
    }

    private double waiting() {
        return registry.get("lake.flight.waiting").gauge().value();
    }

    private double outcome(String outcome) {
        return registry.get("lake.flight.queries")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    /** The driver complains of results that were not read to their end. */
    private static void closeEarly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("clean up"), e.toString());
        }
    }

    private static void assertAnswers(LakeFlightServer server) throws SQLException {
        assertEquals(1, count(server, "SELECT 1"));
    }

    private static long count(LakeFlightServer server, String sql) throws SQLException {
        try (Connection connection = TestLake.connect(server);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertTrue(rows.next());
            return rows.getLong(1);
        }
    }

    private static void assertFails(LakeFlightServer server, String sql, String reason) {
        SQLException failure = assertThrows(SQLException.class, () -> {
            try (Connection connection = DriverManager.getConnection(
                            "jdbc:arrow-flight-sql://127.0.0.1:" + server.port() + "/?useEncryption=false");
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    assertTrue(rows.getRow() >= 0);
                }
            }
        });
        StringBuilder all = new StringBuilder();
        for (Throwable at = failure; at != null; at = at.getCause()) {
            all.append(at.getMessage()).append('\n');
        }
        assertTrue(all.toString().contains(reason), all.toString());
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "it did not happen within 30 s");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
