package io.tidemark.edge.segment;

import static io.tidemark.edge.log.LogFixture.SOURCE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.segment.HourManifest;
import io.tidemark.contracts.segment.SegmentPath;
import io.tidemark.edge.log.EventLog;
import io.tidemark.edge.log.LogFixture;
import io.tidemark.edge.log.StoredLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentConverterTest {
    @TempDir
    Path folder;

    record Settings(String rawFormat, String parquetCompression, int memoryMb) implements SegmentSettings {
        static final Settings USUAL = new Settings("parquet", "snappy", 8);

        @Override
        public int parquetCompressionLevel() {
            return 3;
        }
    }

    private static SegmentConverter converter(LogFixture edge, String format) {
        return new SegmentConverter(
                edge.store, new Settings(format, "snappy", 8), edge.clock, new SimpleMeterRegistry());
    }

    private SegmentConverter converter(LogFixture edge) {
        return new SegmentConverter(edge.store, Settings.USUAL, edge.clock, new SimpleMeterRegistry());
    }

    private Path ready() {
        return folder.resolve("raw/ready");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(ready())) {
            return all.filter(Files::isRegularFile)
                    .map(file -> ready().relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static List<Envelope> read(Path file) throws IOException {
        List<Envelope> events = new ArrayList<>();
        try (EventFileReader reader = EventFileReader.open(file)) {
            for (Envelope event = reader.next(); event != null; event = reader.next()) {
                events.add(event);
            }
        }
        return events;
    }

    @Test
    void aSealedLogBecomesOneFilePerPartitionWithEveryEventOnce() throws Exception {
        try (LogFixture edge = new LogFixture(folder)) {
            EventLog log = edge.store.open(SOURCE);
            for (long id = 0; id < 3000; id++) {
                edge.trade(log, id, id % 2 == 0 ? "BTC-USDT" : "ETH/USDT");
                if (id % 3 == 0) {
                    edge.quote(log, id);
                }
                edge.pass(Duration.ofMillis(7));
            }
            log.rotate();
            converter(edge).convertAll();
            String end = "/year=2026/month=11/day=20/hour=10/10_0000000000.parquet";
            assertEquals(
                    List.of(
                            "ws/frames/exchange=binance/symbol=_" + end,
                            "ws/quotes/exchange=binance/symbol=BTC-USDT" + end,
                            "ws/trades/exchange=binance/symbol=BTC-USDT" + end,
                            "ws/trades/exchange=binance/symbol=ETH%2FUSDT" + end),
                    files());
            Map<String, List<Envelope>> logged = new HashMap<>();
            for (Envelope event : LogFixture.events(edge.store, SOURCE)) {
                logged.computeIfAbsent(event.getChannel() + event.getSymbol(), key -> new ArrayList<>())
                        .add(event);
            }
            for (String file : files()) {
                List<Envelope> events = read(ready().resolve(file));
                SegmentPath path = SegmentPath.parse(file);
                List<Envelope> expected = logged.getOrDefault(path.channel() + path.symbol(), List.of());
                expected = expected.stream()
                        .sorted(Comparator.comparingLong(Events::eventTime).thenComparingLong(Envelope::getSequence))
                        .toList();
                assertEquals(
                        expected.stream().map(Envelope::getSequence).toList(),
                        events.stream().map(Envelope::getSequence).toList(),
                        file);
            }
            // An independent reader.
            try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                    Statement sql = duck.createStatement();
                    ResultSet row = sql.executeQuery("select count(*), count(distinct trade_id), sum(price), "
                            + "sum(size) from read_parquet('" + ready() + "/ws/trades/**/*.parquet')")) {
                assertTrue(row.next());
                assertEquals(3000, row.getLong(1));
                assertEquals(3000, row.getLong(2));
                assertEquals(0, row.getBigDecimal(3).compareTo(new java.math.BigDecimal("183703500")));
                assertEquals(0, row.getBigDecimal(4).compareTo(new java.math.BigDecimal("3.6")));
            }
        }
    }

    @Test
    void anOrderFarBeyondTheWindowIsSortedAllTheSame() throws Exception {
        try (LogFixture edge = new LogFixture(folder)) {
            EventLog log = edge.store.open(SOURCE);
            Random random = new Random(3);
            for (long id = 0; id < 20_000; id++) {
                edge.tradeAt(log, id, edge.receiveTime() - random.nextInt(1_000_000_000));
            }
            log.rotate();
            new SegmentConverter(edge.store, new Settings("parquet", "zstd", 2), edge.clock, new SimpleMeterRegistry())
                    .convertAll();
            List<Envelope> events = read(ready().resolve(files().get(0)));
            assertEquals(20_000, events.size());
            for (int i = 1; i < events.size(); i++) {
                assertTrue(Events.eventTime(events.get(i - 1)) <= Events.eventTime(events.get(i)));
            }
            assertEquals(
                    20_000,
                    events.stream().map(Envelope::getSequence).distinct().count());
        }
    }

    @Test
    void doneAgainAfterACrashTheFilesAreTheSame() throws Exception {
        byte[] first;
        try (LogFixture edge = new LogFixture(folder)) {
            EventLog log = edge.store.open(SOURCE);
            for (long id = 0; id < 500; id++) {
                edge.trade(log, id);
            }
            log.rotate();
            converter(edge).convertAll();
            first = Files.readAllBytes(ready().resolve(files().get(0)));
            // As if killed before the note was written, with one file missing and another half written.
            Files.delete(edge.store.conversionNote(edge.store.logs(SOURCE).get(0)));
        }
        Files.delete(ready().resolve(files().get(1)));
        Files.createDirectories(folder.resolve("raw/active/binance/0000000000.log.convert"));
        Files.write(folder.resolve("raw/active/binance/0000000000.log.convert/0.parquet"), new byte[100]);
        try (LogFixture edge = new LogFixture(folder)) {
            assertFalse(edge.store.logs(SOURCE).get(0).isConverted());
            converter(edge).convertAll();
            assertEquals(2, files().size());
            assertArrayEquals(first, Files.readAllBytes(ready().resolve(files().get(0))));
            assertEquals(500, read(ready().resolve(files().get(1))).size());
        }
        try (LogFixture edge = new LogFixture(folder)) {
            assertTrue(edge.store.logs(SOURCE).get(0).isConverted());
        }
    }

    @Test
    void anHourIsCompleteWhenItIsOverAndAllItsLogsAreConverted() throws Exception {
        try (LogFixture edge = new LogFixture(folder)) {
            EventLog binance = edge.store.open(SOURCE);
            EventLog kraken = edge.store.open("kraken");
            edge.trade(binance, 0);
            binance.rotate();
            edge.trade(binance, 1);
            edge.trade(kraken, 2);
            binance.rotate();
            SegmentConverter converter = converter(edge);
            converter.convertAll();
            assertEquals(4, files().size());
            edge.at("2026-11-20T11:00:09Z");
            edge.pass(Duration.ofMillis(500));
            converter.convertAll();
            assertFalse(Files.exists(ready().resolve("_manifest")));
            edge.pass(Duration.ofSeconds(2));
            converter.convertAll();
            Path file = ready().resolve("_manifest/20261120T10_0000000001.json");
            HourManifest manifest = HourManifest.parse(Files.readAllBytes(file));
            assertTrue(manifest.complete());
            assertEquals("pi", manifest.edge());
            assertEquals(
                    files().stream().filter(name -> name.endsWith(".parquet")).toList(),
                    manifest.files().stream()
                            .map(HourManifest.SegmentFile::path)
                            .toList());
            // The clock was set back: one more log of that hour, and a second manifest that names all of them.
            edge.at("2026-11-20T10:59:00Z");
            edge.trade(kraken, 3);
            kraken.rotate();
            edge.at("2026-11-20T11:01:00Z");
            converter.convertAll();
            HourManifest second =
                    HourManifest.parse(Files.readAllBytes(ready().resolve("_manifest/20261120T10_0000000002.json")));
            assertEquals(manifest.files().size() + 2, second.files().size());
            converter.convertAll();
            assertEquals(
                    2,
                    files().stream()
                            .filter(name -> name.startsWith("_manifest"))
                            .count());
        }
    }

    @Test
    void anHourThatPassedWhileTheEdgeWasDownIsCompletedAtTheNextStart() throws Exception {
        try (LogFixture edge = new LogFixture(folder)) {
            edge.trade(edge.store.open(SOURCE), 0);
        }
        try (LogFixture edge = new LogFixture(folder)) {
            edge.at("2026-11-21T09:00:00Z");
            converter(edge).convertAll();
            assertTrue(Files.exists(ready().resolve("_manifest/20261120T10_0000000000.json")));
        }
    }

    @Test
    void aLogIsGoneAfterConversionAndItsNoteAfterTheManifest() throws Exception {
        try (LogFixture edge = new LogFixture(folder)) {
            edge.store.forwardNothing();
            EventLog log = edge.store.open(SOURCE);
            for (long id = 0; id < 3; id++) {
                edge.trade(log, id);
                log.rotate();
            }
            List<StoredLog> logs = edge.store.logs(SOURCE);
            SegmentConverter converter = converter(edge);
            converter.convertAll();
            assertFalse(Files.exists(logs.get(1).path()));
            assertTrue(Files.exists(logs.get(2).path()));
            assertTrue(Files.exists(edge.store.conversionNote(logs.get(0))));
            edge.at("2026-11-20T11:01:00Z");
            converter.convertAll();
            assertEquals(
                    1,
                    files().stream()
                            .filter(name -> name.startsWith("_manifest"))
                            .count());
            assertFalse(Files.exists(edge.store.conversionNote(logs.get(0))));
            assertTrue(Files.exists(edge.store.conversionNote(logs.get(2))));
        }
    }

    @Test
    void aBlockThatTheMediumDestroyedCostsItselfOnlyAndIsNamedInAGapEvent() throws Exception {
        try (LogFixture edge = new LogFixture(folder, LogFixture.Settings.USUAL.batches(20))) {
            EventLog log = edge.store.open(SOURCE);
            for (long id = 0; id < 100; id++) {
                edge.trade(log, id);
            }
            log.rotate();
            Path path = edge.store.logs(SOURCE).get(0).path();
            byte[] bytes = Files.readAllBytes(path);
            bytes[bytes.length / 2] ^= 1;
            Files.write(path, bytes);
            SegmentConverter converter = converter(edge);
            converter.convertAll();
            assertEquals(90, read(ready().resolve(files().get(1))).size());
            edge.trade(log, 100);
            log.rotate();
            List<Envelope> gaps = LogFixture.events(edge.store, SOURCE).stream()
                    .filter(Envelope::hasGap)
                    .toList();
            assertEquals(1, gaps.size());
            assertTrue(gaps.get(0).getGap().getDetail().contains("20 records"), gaps.toString());
            assertTrue(Files.exists(folder.resolve("quarantine/segment/binance/0000000000.log")));
        }
    }

    @Test
    void linesOfJsonHoldTheSameRowsAsParquet() throws Exception {
        Map<String, String> hashes = new HashMap<>();
        for (String format : List.of("parquet", "ndjson")) {
            Path place = Files.createDirectory(folder.resolve(format));
            try (LogFixture edge = new LogFixture(place)) {
                EventLog log = edge.store.open(SOURCE);
                for (long id = 0; id < 1000; id++) {
                    edge.trade(log, id);
                    edge.quote(log, id);
                    edge.pass(Duration.ofMillis(7));
                }
                log.rotate();
                edge.pass(Duration.ofHours(1));
                converter(edge, format).convertAll();
            }
            Path manifests = place.resolve("raw/ready/_manifest");
            Path only;
            try (Stream<Path> all = Files.list(manifests)) {
                only = all.toList().get(0);
            }
            HourManifest hour = HourManifest.parse(Files.readAllBytes(only));
            assertEquals(3, hour.files().size());
            for (var file : hour.files()) {
                SegmentPath path = SegmentPath.parse(file.path());
                assertEquals(format.equals("ndjson") ? SegmentPath.NDJSON : SegmentPath.PARQUET, path.ending());
                assertEquals(
                        file.rows(),
                        read(place.resolve("raw/ready").resolve(file.path())).size());
                String before = hashes.putIfAbsent(path.channel(), file.rowHash());
                assertTrue(before == null || before.equals(file.rowHash()), path.channel());
            }
        }
    }

    @Test
    void aConversionThatWasCutShortBeforeTheFormatChangedIsNotDoubled() throws Exception {
        try (LogFixture edge = new LogFixture(folder)) {
            EventLog log = edge.store.open(SOURCE);
            for (long id = 0; id < 100; id++) {
                edge.trade(log, id);
            }
            log.rotate();
            StoredLog sealed = edge.store.logs(SOURCE).get(0);
            new LogConversion(
                            sealed,
                            new ReadyFolder(ready()),
                            folder.resolve("quarantine"),
                            new Settings("parquet", "snappy", 8))
                    .run();
            List<String> before = files();
            converter(edge, "ndjson").convertAll();
            assertEquals(before, files());
        }
    }
}
