package io.tidemark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.RateSignal;
import io.tidemark.contracts.proto.RateState;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.stack.Await;
import io.tidemark.store.stack.Bars;
import io.tidemark.store.stack.Rig;
import io.tidemark.store.stack.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What comes out of the tables is what went in, seen through JDBC and Kafka's own clients. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class BarsIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    static Path dir;

    private static Rig rig;
    private static Writer writer;
    private static long sent;

    @BeforeAll
    static void startEverything() throws Exception {
        rig = new Rig(dir);
        writer = Writer.start(rig, Map.of()).awaitReady();
    }

    @AfterAll
    static void stopEverything() {
        // Only the rig is there when the writer did not start.
        if (writer != null) {
            writer.close();
        }
        rig.close();
    }

    private static void write(List<Envelope> events) throws Exception {
        rig.sendBars(events);
        sent += events.size();
        writer.awaitWritten(sent, SOON);
    }

    @Test
    void numbersAreExactInBothTablesAndInTheView() throws Exception {
        Envelope.Builder bar = Bars.bar("EXACT-USD", Bars.AUGUST, "0.000000000000000001");
        bar.getBarBuilder()
                .setHigh(Events.decimal("99999999999999999999.999999999999999999"))
                .setOpen(Events.decimal("61234.10"))
                .setQuoteVolume(Events.decimal("12.340"))
                .setRevision(7);
        write(List.of(bar.build()));
        assertEquals(
                List.of("default|binance|EXACT-USD|1s|2024-08-08 23:54:00+00|61234.100000000000000000"
                        + "|99999999999999999999.999999999999999999|0.000000000000000001|0.000000000000000001"
                        + "|1.500000000000000000|3|7|t|edge-1"),
                rig.ask("SELECT * FROM bars WHERE symbol = 'EXACT-USD'"));
        assertEquals(
                List.of("default|binance|EXACT-USD|1s|2024-08-08 23:54:00+00|1723161240000000000|binance"
                        + "|61234.100000000000000000|99999999999999999999.999999999999999999"
                        + "|0.000000000000000001|0.000000000000000001|1.500000000000000000|12.340000000000000000"
                        + "|3|7|t|f|edge-1"),
                rig.ask("SELECT * FROM bars_ohlcv WHERE symbol = 'EXACT-USD'"));
        assertEquals(
                List.of("default|binance|EXACT-USD|1s|2024-08-08 23:54:00+00|61234.100000000000000000"
                        + "|0.000000000000000001"),
                rig.ask("SELECT tenant, source, symbol, timeframe, ts, open, close FROM candles"
                        + " WHERE symbol = 'EXACT-USD'"));
    }

    @Test
    void theBetterOfTwoRecordsOfABarStaysInWhateverOrderTheyCome() throws Exception {
        Envelope partial = with(Bars.bar("TWO-USD", Bars.AUGUST, "1"), "edge-2", 9, 5, false);
        Envelope fewer = with(Bars.bar("TWO-USD", Bars.AUGUST, "2"), "edge-2", 8, 9, true);
        Envelope older = with(Bars.bar("TWO-USD", Bars.AUGUST, "3"), "edge-2", 9, 0, true);
        Envelope other = with(Bars.bar("TWO-USD", Bars.AUGUST, "4"), "edge-2", 9, 1, true);
        Envelope best = with(Bars.bar("TWO-USD", Bars.AUGUST, "5"), "edge-1", 9, 1, true);
        for (Envelope one : List.of(older, partial, best, fewer, other)) {
            write(List.of(one));
        }
        write(List.of(other, best, partial));
        for (String sql : List.of(
                "SELECT close_price::int, edge, revision FROM bars WHERE symbol = 'TWO-USD'",
                "SELECT close::int, edge, revision FROM bars_ohlcv WHERE symbol = 'TWO-USD'")) {
            assertEquals(List.of("5|edge-1|1"), rig.ask(sql));
        }
    }

    private static Envelope with(Envelope.Builder event, String edge, long trades, int revision, boolean complete) {
        event.setEdge(edge);
        event.getBarBuilder().setTradeCount(trades).setRevision(revision).setComplete(complete);
        return event.build();
    }

    @Test
    void repeatsAndMonthsLongPastAreNoTrouble() throws Exception {
        List<Envelope> events = new ArrayList<>();
        for (int repeat = 0; repeat < 3; repeat++) {
            for (int month = 0; month < 30; month++) {
                long openTime = (883_612_800L + month * 2_678_400L) * Bars.SECOND;
                events.add(Bars.bar("OLD-USD", openTime, "10." + month).build());
            }
        }
        write(events);
        assertEquals(30, rig.count("SELECT count(*) FROM bars WHERE symbol = 'OLD-USD'"));
        assertEquals(30, rig.count("SELECT count(*) FROM bars_ohlcv WHERE symbol = 'OLD-USD'"));
        assertEquals(
                List.of("1998-01-01 00:00:00+00"), rig.ask("SELECT min(ts) FROM bars_ohlcv WHERE symbol = 'OLD-USD'"));
    }

    @Test
    void poisonGoesToDeadLettersAndTheBatchAroundItIsWritten() throws Exception {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        byte[] rubbish = "no protobuf at all".getBytes(StandardCharsets.UTF_8);
        Envelope.Builder upsideDown = Bars.bar("GOOD-USD", Bars.AUGUST, "10");
        upsideDown.getBarBuilder().setHigh(Events.decimal("9"));
        Envelope.Builder nul = Bars.bar("GOOD-USD", Bars.AUGUST, "10");
        nul.getBarBuilder().setVendor("bin\0ance");
        for (int i = 0; i < 50; i++) {
            records.add(Rig.record(
                    Bars.bar("GOOD-USD", Bars.AUGUST + i * Bars.SECOND, "10").build()));
            if (i == 20) {
                records.add(Rig.record("binance|GOOD-USD", rubbish));
                records.add(Rig.record("binance|GOOD-USD", upsideDown.build().toByteArray()));
                records.add(Rig.record("binance|GOOD-USD", nul.build().toByteArray()));
                records.add(Rig.record(Bars.bar("GOOD-USD", Bars.AUGUST, "10")
                        .setSchemaVersion(99)
                        .build()));
                records.add(Rig.record("binance|GOOD-USD", null));
            }
        }
        rig.send(records);
        sent += records.size();
        writer.awaitWritten(sent, SOON);
        assertEquals(50, rig.count("SELECT count(*) FROM bars_ohlcv WHERE symbol = 'GOOD-USD'"));
        assertEquals(
                List.of("impossible-bar|1", "nul-in-text|1", "schema-version|1", "undecodable|2"),
                rig.ask("SELECT reason, count(*) FROM dead_letters GROUP BY reason ORDER BY reason"));
        assertEquals(5, writer.status().get("dead_letters").asInt());
        Await.until(
                SOON,
                writer::log,
                () -> rig.count("SELECT count(*) FROM dead_letters WHERE published_at IS NULL") == 0);
        List<ConsumerRecord<byte[], byte[]>> letters = rig.read(Topics.DEAD_LETTERS);
        assertEquals(5, letters.size());
        ConsumerRecord<byte[], byte[]> first = letters.stream()
                .filter(letter -> new String(letter.value(), StandardCharsets.UTF_8).equals("no protobuf at all"))
                .findFirst()
                .orElseThrow();
        assertEquals("binance|GOOD-USD", new String(first.key(), StandardCharsets.UTF_8));
        assertEquals("undecodable", header(first, "tidemark-dead-reason"));
        assertEquals("tidemark.bars.v1", header(first, "tidemark-origin-topic"));
        assertTrue(Long.parseLong(header(first, "tidemark-origin-offset")) >= 0);
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Test
    void tenantsSeeTheirOwnRowsOnly() throws Exception {
        String hostile = "x' OR true --";
        write(List.of(
                Bars.bar("TENANT-USD", Bars.AUGUST, "1").setTenant("alpha").build(),
                Bars.bar("TENANT-USD", Bars.AUGUST, "2").setTenant(hostile).build(),
                Bars.bar("TENANT-USD", Bars.AUGUST, "3").build()));
        String mine = "SELECT tenant_id, close_price::int FROM bars WHERE symbol = 'TENANT-USD'";
        assertEquals(List.of("default|3"), rig.ask(mine));
        try (var connection = rig.connect();
                var statement = connection.createStatement()) {
            statement.execute("SET tidemark.tenant = 'alpha'");
            try (var rows = statement.executeQuery(mine)) {
                assertTrue(rows.next());
                assertEquals("alpha", rows.getString(1));
                assertTrue(!rows.next());
            }
            try (var rows = statement.executeQuery("SELECT count(*) FROM bars_ohlcv_202408")) {
                rows.next();
                assertEquals(0, rows.getInt(1), "a partition by itself shows nothing");
            }
            statement.execute("SELECT set_config('tidemark.tenant', 'x'' OR true --', false)");
            try (var rows = statement.executeQuery("SELECT count(*) FROM candles WHERE symbol = 'TENANT-USD'")) {
                rows.next();
                assertEquals(1, rows.getInt(1));
            }
        }
    }

    @Test
    void metricsHaveTheirNamesAndSignalsReachTheFeedbackTopic() throws Exception {
        write(List.of(Bars.bar("FEED-USD", Bars.AUGUST, "1").build()));
        String metrics = writer.get("/q/metrics").body();
        for (String name : List.of(
                "sink_writes_total{sink=\"legacy_bars\",status=\"success\"}",
                "sink_writes_total{sink=\"provider_bars\",status=\"failure\"}",
                "sink_write_latency_seconds_bucket{sink=\"provider_bars\",le=\"0.5\"}",
                "pipeline_store_sink_batches_in_total ",
                "store_bars_written_total ",
                "store_sink_queue_depth ",
                "provider_sink_writes_total ",
                "provider_sink_latency_seconds_bucket{le=\"1.0\"}",
                "provider_sink_fails_total ")) {
            assertTrue(metrics.contains("\n" + name), name + " is missing in\n" + metrics);
        }
        Await.until(SOON, writer::log, () -> !rig.read(Topics.FEEDBACK).isEmpty());
        ConsumerRecord<byte[], byte[]> record = rig.read(Topics.FEEDBACK).get(0);
        assertEquals("store-writer|bars|edge-1", new String(record.key(), StandardCharsets.UTF_8));
        RateSignal signal = RateSignal.parseFrom(record.value());
        assertEquals("edge-1", signal.getEdge());
        assertEquals(30_000, signal.getLeaseMillis());
        assertTrue(signal.getEpoch() >= 1);
        Await.until(SOON, writer::log, () -> {
            List<ConsumerRecord<byte[], byte[]>> all = rig.read(Topics.FEEDBACK);
            return RateSignal.parseFrom(all.get(all.size() - 1).value()).getState() == RateState.RATE_STATE_GREEN;
        });
    }
}
