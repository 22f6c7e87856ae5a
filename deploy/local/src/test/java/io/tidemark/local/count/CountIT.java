package io.tidemark.local.count;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.SequenceRange;
import io.tidemark.contracts.proto.Session;
import io.tidemark.contracts.proto.SessionChange;
import io.tidemark.contracts.topic.Headers;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.local.broker.EmbeddedBroker;
import io.tidemark.local.broker.TopicList;
import io.tidemark.local.database.EmbeddedDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The counters against a real broker, a real database and real Parquet files of another writer. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CountIT {
    private static final String HOUR =
            "exchange=binance/symbol=BTC-USDT/year=2024/month=08/day=09/hour=00/00_0000000001.parquet";

    @TempDir
    Path dir;

    @Test
    void kafkaIsCountedByIdentityAndConflatedRangesAreTakenFromSessions() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(dir)) {
            assertEquals(
                    Topics.values().length,
                    TopicList.createMissing(broker.bootstrapServers()).stream()
                            .filter(TopicList.Topic::created)
                            .count());
            assertEquals(
                    0,
                    TopicList.createMissing(broker.bootstrapServers()).stream()
                            .filter(TopicList.Topic::created)
                            .count());
            Envelope conflated = Envelope.newBuilder()
                    .setSession(Session.newBuilder()
                            .setChange(SessionChange.SESSION_CHANGE_CONFLATED)
                            .setConflatedChannel("quotes")
                            .addConflated(SequenceRange.newBuilder().setFirst(3).setLast(7)))
                    .build();
            Map<String, Object> settings =
                    Map.of("bootstrap.servers", broker.bootstrapServers(), "max.in.flight.requests.per.connection", 1);
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
                for (int i = 0; i < 300; i++) {
                    send(producer, Topics.TRADES, "trades", 1, i % 100, ByteString.EMPTY);
                }
                send(producer, Topics.TRADES, "trades", 2, 0, ByteString.EMPTY);
                send(producer, Topics.SESSIONS, "sessions", 1, 0, conflated.toByteString());
                send(producer, Topics.SESSIONS, "sessions", 1, 0, conflated.toByteString());
            }
            KafkaCount count = KafkaCount.read(broker.bootstrapServers());
            assertEquals(Map.of("trades", 101L, "sessions", 1L), count.distinct());
            assertEquals(Map.of("quotes", 5L), count.conflated());
            assertEquals(303, count.records());
        }
    }

    @Test
    void segmentsAreCountedByIdentityAndReceipts() throws Exception {
        write("ws/trades/" + HOUR, trades("range(10)"));
        write("ws/trades/" + HOUR.replace("00_0000000001", "00_0000000002"), trades("range(8, 12)"));
        Path receipt = dir.resolve("_receipts/ws/trades/" + HOUR + ".json");
        Files.createDirectories(receipt.getParent());
        Files.writeString(receipt, "{}");
        write("ws/frames/" + HOUR, frames("ws", 7));
        write("rest/frames/" + HOUR, frames("rest", 2));
        SegmentCount count = SegmentCount.of(dir);
        assertEquals(Map.of("trades", 14L, "frames", 9L), count.rows());
        assertEquals(7, count.socketFrames());
        assertEquals(2, count.repeated());
        assertEquals(4, count.segments());
        assertEquals(1, count.withReceipt());
        assertEquals(0, SegmentCount.of(dir.resolve("nothing")).segments());
    }

    @Test
    void theSealedLakeIsWhatItsManifestsSayAndNothingElse() throws Exception {
        String hour = "events/binance/BTC-USDT/2024/08/09/00/";
        write(hour + "a.parquet", trades("range(10)"));
        write(hour + "b.parquet", trades("range(10, 15)"));
        write(hour + "stray.parquet", trades("range(99)"));
        Path manifests = Files.createDirectories(dir.resolve("events/_manifest"));
        Files.writeString(
                manifests.resolve("0000000001.json"),
                "{\"added\":[{\"path\":\"" + hour + "a.parquet\"}],\"removed\":[]}");
        Files.writeString(
                manifests.resolve("0000000002.json"),
                "{\"added\":[{\"path\":\"" + hour + "b.parquet\"}],\"removed\":[\"" + hour + "a.parquet\"]}");
        SealedCount count = SealedCount.of(dir);
        assertEquals(Map.of("trades", 5L), count.rows());
        assertEquals(1, count.files());
        assertEquals(0, count.repeated());
    }

    @Test
    void barsAreComparedByTheRevisionThatCounts() throws Exception {
        String bar = "SELECT 'default' AS tenant, 'demo' AS edge, 1::BIGINT AS incarnation, 'binance' AS source,"
                + " 'bars-1m' AS channel, 'BTC-USDT' AS symbol, n AS sequence, 'binance' AS vendor,"
                + " '1m' AS timeframe, make_timestamp_ns(1723161600000000000 + minute * 60000000000) AS open_time,"
                + " 1.5::DECIMAL(38,18) AS open, 2::DECIMAL(38,18) AS high, 1::DECIMAL(38,18) AS low,"
                + " close::DECIMAL(38,18) AS close, 10::DECIMAL(38,18) AS volume, trades AS trade_count,"
                + " revision, complete FROM (VALUES (0, 0, 1.1, 5, 0, true), (1, 0, 1.2, 6, 1, true),"
                + " (2, 1, 1.3, 2, 0, false)) AS v(n, minute, close, trades, revision, complete)";
        write("ws/bars-1m/" + HOUR, bar);
        SegmentCount raw = SegmentCount.of(dir);
        try (EmbeddedDatabase database = EmbeddedDatabase.start(dir.resolve("database"));
                Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            for (String table : new String[] {"bars", "bars_ohlcv"}) {
                String price = table.equals("bars") ? "_price" : "";
                statement.execute("CREATE TABLE " + table + " (vendor text, symbol text, timeframe text,"
                        + " ts timestamptz, open" + price + " numeric(38,18), high" + price + " numeric(38,18), low"
                        + price + " numeric(38,18), close" + price + " numeric(38,18), volume numeric(38,18))");
                statement.execute("INSERT INTO " + table + " VALUES"
                        + " ('binance', 'BTC-USDT', '1m', '2024-08-09 00:00:00Z', 1.5, 2, 1, 1.2, 10),"
                        + " ('binance', 'BTC-USDT', '1m', '2024-08-09 00:01:00Z', 1.5, 2, 1, 1.3, 10)");
            }
            BarCount equal = BarCount.compare(raw, connection);
            assertEquals("2 2 2 0", describe(equal));
            statement.execute("UPDATE bars SET close_price = 1.1 WHERE close_price = 1.2");
            statement.execute("DELETE FROM bars_ohlcv WHERE close = 1.3");
            assertEquals("2 2 1 1", describe(BarCount.compare(raw, connection)));
        }
    }

    private static String describe(BarCount count) {
        return count.keys() + " " + count.bars() + " " + count.barsOhlcv() + " " + count.differing();
    }

    private static String frames(String connector, int count) {
        return "SELECT 'demo' AS edge, 1::BIGINT AS incarnation, 'binance' AS source, 'frames' AS channel, '"
                + connector + "' AS connector, 'of " + connector + "' AS symbol, range AS sequence FROM range(" + count
                + ")";
    }

    private static String trades(String range) {
        return "SELECT 'default' AS tenant, 'demo' AS edge, 1::BIGINT AS incarnation, 'binance' AS source,"
                + " 'trades' AS channel, 'BTC-USDT' AS symbol, range AS sequence FROM " + range;
    }

    private void write(String relative, String select) throws Exception {
        Path file = dir.resolve(relative);
        Files.createDirectories(file.getParent());
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            statement.execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
        }
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer,
            Topics topic,
            String channel,
            int incarnation,
            int sequence,
            ByteString value)
            throws Exception {
        ProducerRecord<byte[], byte[]> one = new ProducerRecord<>(
                topic.topic(),
                Topics.recordKey("binance", "BTC-USDT").getBytes(StandardCharsets.UTF_8),
                value.toByteArray());
        Map.of(
                        Headers.EDGE,
                        "demo",
                        Headers.INCARNATION,
                        Integer.toString(incarnation),
                        Headers.CHANNEL,
                        channel,
                        Headers.SEQUENCE,
                        Integer.toString(sequence))
                .forEach((name, text) -> one.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        Future<RecordMetadata> sent = producer.send(one);
        if (sequence == 0) {
            sent.get(30, TimeUnit.SECONDS);
        }
    }
}
