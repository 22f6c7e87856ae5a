package io.tidemark.lake.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.RateSignal;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.lake.run.Lakes;
import io.tidemark.lake.run.RawFolder;
import io.tidemark.local.broker.EmbeddedBroker;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service beside a real broker: killed while it follows, asked over JDBC, overtaken by a seal. */
class LiveServiceIT {
    private static final int KILLS = "full".equals(System.getProperty("tidemark.faults")) ? 100 : 4;
    private static final int EVENTS = 20_000;

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();
    private int http;
    private int flight;

    @BeforeEach
    void choosePorts() throws IOException {
        try (ServerSocket one = new ServerSocket(0);
                ServerSocket other = new ServerSocket(0)) {
            http = one.getLocalPort();
            flight = other.getLocalPort();
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void killedAgainAndAgainTheTailHoldsEachEventOnceAndASealReplacesIt() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Path root = folder.resolve("lake");
        RawFolder raw = new RawFolder(root, "pi-1");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"))) {
            createTopics(broker);
            List<Envelope> trades = new ArrayList<>();
            try (KafkaProducer<String, byte[]> producer = producer(broker)) {
                int sent = 0;
                for (int kill = 0; kill < KILLS; kill++) {
                    Process service = start("kill-" + kill, broker.bootstrapServers());
                    int until = EVENTS * (kill + 1) / KILLS;
                    while (sent < until) {
                        Envelope event =
                                raw.trade("S" + sent % 5 + "-USDT", 1, sent / 5, RawFolder.START + sent * 300_000_000L);
                        trades.add(event);
                        send(producer, event);
                        if (sent % 50 == 0) {
                            // As an edge does after a crash: it sends again what it does not know to be there.
                            send(producer, event);
                        }
                        sent++;
                    }
                    producer.flush();
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_500 + random.nextInt(3_000)));
                    service.destroyForcibly();
                    assertTrue(service.waitFor(20, TimeUnit.SECONDS));
                }
            }
            Process service = start("out", broker.bootstrapServers());
            await(service, "SELECT count(*) FROM live", EVENTS);
            assertEquals(
                    EVENTS,
                    number("SELECT count(*) FROM (SELECT DISTINCT edge, incarnation, source, channel, symbol, sequence"
                            + " FROM live)"));
            assertEquals(0, number("SELECT count(*) FROM events"), "never called sealed");
            assertTrue(signals(broker).stream()
                    .anyMatch(signal -> signal.getFamily().equals("trades")
                            && signal.getConsumer().equals("lake-exporter")
                            && signal.getEdge().equals("pi-1")));
            for (int symbol = 0; symbol < 5; symbol++) {
                String name = "S" + symbol + "-USDT";
                // All but the last tenth is sealed.
                raw.segment(
                        symbol + 1,
                        trades.stream()
                                .filter(event -> event.getSymbol().equals(name))
                                .limit(EVENTS / 5 * 9 / 10)
                                .toList());
            }
            Lakes.export(root, "pi-1");
            assertEquals(EVENTS * 9 / 10, number("SELECT count(*) FROM events"));
            await(service, "SELECT count(*) FROM live", EVENTS / 10);
            assertEquals(
                    EVENTS,
                    number("SELECT count(DISTINCT symbol || sequence) FROM"
                            + " (SELECT symbol, sequence FROM events UNION ALL SELECT symbol, sequence FROM live)"));
            assertTrue(get("/live").body().contains("\"problem\":\"\""));
            service.destroy();
            assertTrue(service.waitFor(30, TimeUnit.SECONDS));
            assertEquals("", errors("out"));
        }
    }

    @Test
    void withoutABrokerTheServiceIsReadyAndStopsCleanly() throws Exception {
        Process service = start("away", "127.0.0.1:1");
        awaitReady(service, "away");
        assertEquals(0, number("SELECT count(*) FROM live"));
        assertTrue(get("/live").body().contains("\"lag\":0"));
        service.destroy();
        assertTrue(service.waitFor(30, TimeUnit.SECONDS));
    }

    @Test
    void switchedOffNothingIsKept() throws Exception {
        Process service = start("off", "127.0.0.1:1", "-Dlake.live.enabled=false");
        awaitReady(service, "off");
        assertEquals(0, number("SELECT count(*) FROM live"));
        assertTrue(get("/live").body().contains("\"enabled\":false"));
        assertFalse(Files.exists(Lakes.tenant(folder.resolve("lake")).resolve("live")));
    }

    private static void createTopics(EmbeddedBroker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            List<NewTopic> topics = new ArrayList<>();
            for (Topics topic : Topics.values()) {
                topics.add(new NewTopic(topic.topic(), topic.defaultPartitions(), (short) 1));
            }
            admin.createTopics(topics).all().get(30, TimeUnit.SECONDS);
        }
    }

    private static KafkaProducer<String, byte[]> producer(EmbeddedBroker broker) {
        // With more in flight, a broker that has just become leader may refuse one batch and take the next.
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "acks",
                        "all",
                        "max.in.flight.requests.per.connection",
                        1),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    private static void send(KafkaProducer<String, byte[]> producer, Envelope event) {
        var unused = producer.send(new ProducerRecord<>(
                Topics.TRADES.topic(), Topics.recordKey(event.getSource(), event.getSymbol()), event.toByteArray()));
    }

    private static List<RateSignal> signals(EmbeddedBroker broker) throws Exception {
        List<RateSignal> signals = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "group.id", "test",
                        "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topics.FEEDBACK.topic()));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (signals.isEmpty() && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    signals.add(RateSignal.parseFrom(record.value()));
                }
            }
        }
        return signals;
    }

    private Process start(String name, String bootstrap, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Dquarkus.http.port=" + http);
        command.add("-Dkafka.bootstrap.servers=" + bootstrap);
        command.add("-Dlake.live.flush-interval=500ms");
        command.add("-Dlake.flight.port=" + flight);
        command.add("-Dlake.flight.work-directory=" + folder.resolve("work"));
        command.add("-Dlake.root=" + folder.resolve("lake"));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-jar", Path.of("target", "quarkus-app", "quarkus-run.jar").toString()));
        Process process = new ProcessBuilder(command)
                .redirectOutput(folder.resolve(name + ".out").toFile())
                .redirectError(folder.resolve(name + ".err").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private String errors(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".err")).strip();
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:arrow-flight-sql://127.0.0.1:" + flight + "/?useEncryption=false");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertTrue(rows.next());
            return rows.getLong(1);
        }
    }

    private void await(Process service, String sql, long expected) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        Object last = "nothing";
        while (System.nanoTime() < deadline) {
            assertTrue(service.isAlive());
            try {
                long found = number(sql);
                if (found == expected) {
                    return;
                }
                last = found;
            } catch (SQLException e) {
                last = String.valueOf(e.getMessage());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
        throw new AssertionError(
                "expected " + expected + ", last " + last + "; " + get("/live").body());
    }

    private void awaitReady(Process service, String name) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            assertTrue(service.isAlive(), errors(name));
            assertFalse(System.nanoTime() > deadline, "not ready within 60 s");
            try {
                if (get("/q/health/ready").statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // Not listening yet.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + path))
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
