package io.tidemark.lake.flight;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.lake.live.LiveView;
import io.tidemark.lake.manifest.SealedLake;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sealed files for tests: the real columns, rows written by an independent writer, generations by hand. */
final class TestLake implements SealedFiles {
    private final Path folder;
    private final LakeFiles real;
    private List<Path> files = List.of();
    private long generation;
    private int written;

    TestLake(Path folder) {
        this.folder = folder;
        this.real = new LakeFiles(new SealedLake(folder.resolve("none")), new LiveView());
    }

    @Override
    public synchronized long generation() {
        return generation;
    }

    @Override
    public synchronized State current() {
        return new State(generation, files);
    }

    @Override
    public void writeEmptyFile(Path file) throws IOException {
        real.writeEmptyFile(file);
    }

    /** Seals one more file; the query gives columns of an event file by their names. */
    synchronized Path seal(String query) throws SQLException, IOException {
        int number = written++;
        Path empty = folder.resolve("empty-" + number + ".parquet");
        real.writeEmptyFile(empty);
        Path file = folder.resolve("events-" + number + ".parquet");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute("CREATE TABLE events AS FROM read_parquet('" + empty + "')");
            statement.execute("INSERT INTO events BY NAME " + query);
            statement.execute("COPY events TO '" + file + "' (FORMAT parquet)");
        }
        List<Path> all = new ArrayList<>(files);
        all.add(file);
        files = List.copyOf(all);
        generation++;
        return file;
    }

    /** Trades numbered from 0, one a second, prices a fraction of 10^-18 above their number. */
    Path sealTrades(String symbol, long count) throws SQLException, IOException {
        return seal("SELECT " + head("trades", symbol) + ", i AS sequence, CAST(i AS VARCHAR) AS trade_id,"
                + " CAST(i AS DECIMAL(38,18)) + 0.000000000000000001 AS price, 0.5 AS size, 'buy' AS side"
                + " FROM range(" + count + ") AS t(i)");
    }

    /** The columns that every event has; it needs a column {@code i} to count by. */
    static String head(String channel, String symbol) {
        return "'default' AS tenant, 'pi-1' AS edge, 1 AS incarnation, 'binance' AS source, '" + channel
                + "' AS channel, '" + symbol + "' AS symbol, 'ws' AS connector, 1 AS schema_version,"
                + " make_timestamp_ns(1723075200123456789 + 1000000000 * i)::TIMESTAMPTZ_NS AS event_time,"
                + " make_timestamp_ns(1723075200223456789 + 1000000000 * i)::TIMESTAMPTZ_NS AS receive_time,"
                + " false AS event_time_is_receive_time";
    }

    static FlightOptions.Limits limits() {
        return new FlightOptions.Limits(
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                100_000_000,
                4,
                32,
                512L << 20,
                256L << 20,
                2,
                1L << 30,
                100,
                Duration.ofMinutes(10));
    }

    static FlightOptions options(Path work, FlightOptions.Limits limits) {
        return new FlightOptions("127.0.0.1", 0, Optional.empty(), Duration.ofHours(1), Optional.empty(), limits, work);
    }

    static LakeFlightServer serve(SealedFiles lake, FlightOptions options) throws IOException, SQLException {
        return LakeFlightServer.start(options, lake, new SimpleMeterRegistry(), "test");
    }

    static Connection connect(LakeFlightServer server) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:arrow-flight-sql://127.0.0.1:" + server.port() + "/?useEncryption=false");
    }
}
