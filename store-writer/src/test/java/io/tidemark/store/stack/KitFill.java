package io.tidemark.store.stack;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Bar;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.topic.Topics;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Puts the rows of the measuring kit (tab-separated: tenant, vendor, symbol, timeframe, ts, open, high, low,
 * close, volume) into the writer's topic, and makes the tables with a view {@code ours} of the kit's columns.
 *
 * <p>See docs/benchmarks.md; reads BENCH_ROWS, BENCH_BOOTSTRAP and BENCH_JDBC.
 */
public final class KitFill {
    private static final int SYMBOLS = 200;

    private KitFill() {}

    public static void main(String... args) throws Exception {
        String brokers = System.getenv("BENCH_BOOTSTRAP");
        String jdbc = System.getenv("BENCH_JDBC");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            admin.createTopics(List.of(new NewTopic(Topics.BARS.topic(), Topics.MARKET_PARTITIONS, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        Path logs = Files.createTempDirectory("tidemark-kit");
        Map<String, String> settings = Map.of(
                "DATABASE_URL", jdbc, "KAFKA_BOOTSTRAP_SERVERS", brokers, "STORE_CONSUMER_GROUP", "before-the-first");
        try (Writer writer = Writer.start(logs, settings, List.of())) {
            writer.awaitReady();
            writer.kill();
        }
        try (Connection connection = DriverManager.getConnection(jdbc);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE OR REPLACE VIEW ours AS SELECT tenant_id AS tenant, vendor, symbol, timeframe, ts,"
                            + " open, high, low, close, volume FROM bars_ohlcv");
        }
        send(brokers);
    }

    private static void send(String brokers) throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", brokers, "compression.type", "lz4", "linger.ms", 20, "batch.size", 262_144);
        AtomicReference<Exception> failed = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
                BufferedReader rows = Files.newBufferedReader(Path.of(System.getenv("BENCH_ROWS")))) {
            long i = 0;
            for (String line = rows.readLine(); line != null; line = rows.readLine()) {
                Envelope event = event(line.split("\t"), i);
                byte[] key =
                        Topics.recordKey(event.getSource(), event.getSymbol()).getBytes(StandardCharsets.UTF_8);
                int partition = (int) (i % SYMBOLS % Topics.MARKET_PARTITIONS);
                var unused = producer.send(
                        new ProducerRecord<>(Topics.BARS.topic(), partition, key, event.toByteArray()),
                        (ignored, problem) -> {
                            if (problem != null) {
                                failed.set(problem);
                            }
                        });
                i++;
            }
            producer.flush();
        }
        if (failed.get() != null) {
            throw failed.get();
        }
    }

    private static Envelope event(String[] row, long i) {
        Instant time = Instant.parse(row[4]);
        long nanos = time.getEpochSecond() * Bars.SECOND;
        return Envelope.newBuilder()
                .setSchemaVersion(1)
                .setTenant(row[0])
                .setEdge("edge-1")
                .setIncarnation(1)
                .setSource(row[1])
                .setChannel("bars-" + row[3])
                .setSymbol(row[2])
                .setVenueSymbol(row[2].replace("-", ""))
                .setConnector("ws")
                .setSequence(i / SYMBOLS)
                .setReceiveTime(nanos + 60 * Bars.SECOND)
                .setExchangeTime(nanos)
                .setBar(Bar.newBuilder()
                        .setVendor(row[1])
                        .setTimeframe(row[3])
                        .setOpenTime(nanos)
                        .setOpen(Events.decimal(row[5]))
                        .setHigh(Events.decimal(row[6]))
                        .setLow(Events.decimal(row[7]))
                        .setClose(Events.decimal(row[8]))
                        .setVolume(Events.decimal(row[9]))
                        .setTradeCount(4)
                        .setComplete(true))
                .build();
    }
}
