package io.tidemark.lake.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.event.Connector;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.write.EventFileWriter;
import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Side;
import io.tidemark.contracts.proto.Trade;
import io.tidemark.contracts.segment.SegmentPath;
import io.tidemark.lake.events.TimeRange;
import io.tidemark.lake.live.LiveView;
import io.tidemark.lake.manifest.SealedLake;
import io.tidemark.lake.parquet.LakeFileWriter;
import io.tidemark.lake.run.ExportLimits;
import io.tidemark.lake.run.ExportProgress;
import io.tidemark.lake.run.ExportRequest;
import io.tidemark.lake.run.ExportRun;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a raw segment through a real export to an answer over JDBC. */
class SealedLakeTest {
    private static final long START = 1_723_154_400_123_456_789L;

    @TempDir
    Path folder;

    @Test
    void whatAnExportSealsIsAnsweredFromThenOnAndNothingElse() throws Exception {
        Path root = folder.resolve("lake");
        SealedLake lake = new SealedLake(LakePath.tenantRoot(root, "default"));
        try (LakeFlightServer server = TestLake.serve(
                        new LakeFiles(lake, new LiveView()),
                        TestLake.options(folder.resolve("work"), TestLake.limits()));
                Connection connection = TestLake.connect(server);
                Statement statement = connection.createStatement()) {
            assertEquals(0, count(statement));
            segment(root, 1, 0, 1000);
            assertEquals(0, count(statement));
            export(root);
            assertEquals(1000, count(statement));
            Path stray = LakePath.tenantRoot(root, "default")
                    .resolve(LakePath.eventHour("binance", "BTC-USDT", SegmentPath.hourOf(START)))
                    .resolve("stray.parquet");
            Files.copy(
                    LakePath.tenantRoot(root, "default")
                            .resolve(lake.current().files().iterator().next().path()),
                    stray);
            segment(root, 2, 1000, 500);
            export(root);
            assertEquals(1500, count(statement));
            assertEquals(2, server.generation());
            try (ResultSet rows = statement.executeQuery(
                    "SELECT price, event_time, exchange_time, side, venue_symbol FROM trades WHERE sequence = 1234")) {
                assertTrue(rows.next());
                assertEquals(new BigDecimal("60000.123400000000000001"), rows.getBigDecimal(1));
                assertEquals(
                        Instant.ofEpochSecond(0, START + 1234),
                        rows.getObject(2, LocalDateTime.class).toInstant(ZoneOffset.UTC));
                assertEquals(rows.getObject(2, LocalDateTime.class), rows.getObject(3, LocalDateTime.class));
                assertFalse(rows.next());
            }
        }
    }

    private static long count(Statement statement) throws Exception {
        try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM events")) {
            assertTrue(rows.next());
            return rows.getLong(1);
        }
    }

    private static void segment(Path root, long ordinal, int first, int count) throws Exception {
        SegmentPath path = new SegmentPath(
                Connector.WS, "trades", "binance", "BTC-USDT", SegmentPath.hourOf(START), ordinal, SegmentPath.PARQUET);
        Path file = LakePath.tenantRoot(root, "default")
                .resolve(LakePath.raw("pi-1"))
                .resolve(path.relative());
        Files.createDirectories(file.resolveSibling(""));
        try (EventFileWriter writer = EventFileWriter.open(file, EventSchema.raw("trades"), WriteOptions.EDGE)) {
            for (int i = first; i < first + count; i++) {
                writer.write(trade(i));
            }
            writer.finish();
        }
    }

    private static Envelope trade(int sequence) {
        return Envelope.newBuilder()
                .setSchemaVersion(1)
                .setTenant("default")
                .setEdge("pi-1")
                .setIncarnation(1)
                .setSource("binance")
                .setChannel("trades")
                .setSymbol("BTC-USDT")
                .setVenueSymbol("BTCUSDT")
                .setConnector("ws")
                .setSequence(sequence)
                .setReceiveTime(START + sequence + 1_000_000)
                .setExchangeTime(START + sequence)
                .setTrade(Trade.newBuilder()
                        .setTradeId(Integer.toString(sequence))
                        .setPrice(Events.decimal(String.format("60000.%04d00000000000001", sequence)))
                        .setSize(Events.decimal("0.5"))
                        .setSide(Side.SIDE_BUY))
                .build();
    }

    private static void export(Path root) throws Exception {
        ExportLimits limits = new ExportLimits(
                1, 64 << 20, Duration.ofSeconds(30), new LakeFileWriter.Layout(WriteOptions.LAKE, 64L << 20, 5_000));
        ExportRequest request =
                new ExportRequest(List.of("pi-1"), true, TimeRange.ALL, ExportRequest.OnDamaged.REFUSE, false);
        new ExportRun(root, "default", limits, ExportProgress.SILENT).run(request);
    }
}
