package io.tidemark.lake.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.write.EventFileWriter;
import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Side;
import io.tidemark.contracts.proto.Trade;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code mvn -Pbench verify -pl lake-exporter}: an hour of one instrument out of 10,000 small files over Flight SQL,
 * beside the same question over all files, which is what every question cost before.
 */
class FlightScaleBenchmark {
    private static final int FILES = 10_000;
    private static final int SYMBOLS = 10;
    private static final long HOUR = 3_600_000_000_000L;
    private static final long START = 1_723_075_200_000_000_000L;

    @TempDir
    Path folder;

    private record Many(List<Path> files, Map<Path, Extent> extents) implements SealedFiles {
        @Override
        public long generation() {
            return 1;
        }

        @Override
        public State current() {
            return new State(1, files, 0, List.of(), extents);
        }

        @Override
        public void writeEmptyFile(Path file) throws IOException {
            try (EventFileWriter writer = EventFileWriter.open(file, EventSchema.LAKE, WriteOptions.LAKE)) {
                writer.finish();
            }
        }
    }

    private Many write() throws IOException {
        List<Path> files = new ArrayList<>();
        Map<Path, SealedFiles.Extent> extents = new HashMap<>();
        for (int number = 0; number < FILES; number++) {
            long begin = START + number / SYMBOLS * HOUR;
            String symbol = "S" + number % SYMBOLS + "-USDT";
            Path file = folder.resolve(String.format("%05d.parquet", number));
            try (EventFileWriter writer = EventFileWriter.open(file, EventSchema.LAKE, WriteOptions.LAKE)) {
                for (int i = 0; i < 20; i++) {
                    writer.write(Envelope.newBuilder()
                            .setSchemaVersion(1)
                            .setTenant("default")
                            .setEdge("pi-1")
                            .setIncarnation(1)
                            .setSource("binance")
                            .setChannel("trades")
                            .setSymbol(symbol)
                            .setConnector("ws")
                            .setSequence(number / SYMBOLS * 20L + i)
                            .setReceiveTime(begin + i)
                            .setExchangeTime(begin + i)
                            .setTrade(Trade.newBuilder()
                                    .setPrice(Events.decimal("1.5"))
                                    .setSize(Events.decimal("2"))
                                    .setSide(Side.SIDE_BUY))
                            .build());
                }
                writer.finish();
            }
            files.add(file);
            extents.put(file, new SealedFiles.Extent(begin, begin + 19, "binance", symbol));
        }
        return new Many(files, extents);
    }

    private static long millis(Statement statement, String sql, long expected) throws SQLException {
        long begin = System.nanoTime();
        try (ResultSet rows = statement.executeQuery(sql)) {
            assertTrue(rows.next());
            assertEquals(expected, rows.getLong(1));
        }
        return (System.nanoTime() - begin) / 1_000_000;
    }

    @Test
    void printsHowLongAnHourTakes() throws Exception {
        Many lake = write();
        long begin = System.nanoTime();
        Path work = Files.createDirectories(folder.resolve("work"));
        try (LakeFlightServer server = TestLake.serve(lake, TestLake.options(work, TestLake.limits()));
                Connection connection = TestLake.connect(server);
                Statement statement = connection.createStatement()) {
            long opening = (System.nanoTime() - begin) / 1_000_000;
            String where = " WHERE symbol = 'S3-USDT' AND event_time >= '2024-08-10 05:00:00'"
                    + " AND event_time < '2024-08-10 06:00:00'";
            millis(statement, "SELECT 1", 1);
            long hourFirst = millis(statement, "SELECT count(price) FROM trades" + where, 20);
            long hourAgain = millis(statement, "SELECT count(price) FROM trades" + where, 20);
            long allFirst = millis(statement, "SELECT count(price) FROM lake.main.trades" + where, 20);
            long allAgain = millis(statement, "SELECT count(price) FROM lake.main.trades" + where, 20);
            System.out.printf(
                    "{\"benchmark\":\"flight-10000-files\",\"open_ms\":%d,\"hour_first_ms\":%d,\"hour_again_ms\":%d,"
                            + "\"all_files_first_ms\":%d,\"all_files_again_ms\":%d}%n",
                    opening, hourFirst, hourAgain, allFirst, allAgain);
        }
    }
}
