package io.tidemark.store.stack;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.local.broker.BrokerProcess;
import io.tidemark.local.database.EmbeddedDatabase;
import io.tidemark.local.port.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A broker as a process of its own and a database, both of which a test may kill and start again. */
public final class Rig implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final Path dir;
    private final int brokerPort = Ports.free();
    private final int controllerPort = Ports.free();
    private EmbeddedDatabase database;
    private Process broker;

    public Rig(Path dir) throws IOException {
        this.dir = dir;
        this.database = EmbeddedDatabase.start(dir.resolve("database"));
        this.broker = startBrokerProcess();
        awaitBroker();
    }

    private Process startBrokerProcess() throws IOException {
        return new ProcessBuilder(BrokerProcess.command(
                        System.getProperty("java.class.path"), dir.resolve("broker"), brokerPort, controllerPort))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        dir.resolve("broker.log").toFile()))
                .start();
    }

    private void awaitBroker() {
        Await.until(START, () -> "the broker starts", () -> {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers(), "request.timeout.ms", 2000))) {
                return !admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).isEmpty();
            }
        });
    }

    public void killBroker() throws InterruptedException {
        broker.destroyForcibly().waitFor();
    }

    public void startBroker() throws IOException {
        broker = startBrokerProcess();
        awaitBroker();
    }

    public void killDatabase() throws Exception {
        database.process().destroyForcibly();
        database.process().onExit().get(10, TimeUnit.SECONDS);
    }

    public void startDatabase() {
        database.close();
        database = EmbeddedDatabase.start(dir.resolve("database"));
    }

    /** Starts the database again with these settings. */
    public void tuneDatabase(String settings) throws IOException {
        database.close();
        Files.writeString(dir.resolve("database/data/postgresql.auto.conf"), settings);
        database = EmbeddedDatabase.start(dir.resolve("database"));
    }

    public String brokers() {
        return "127.0.0.1:" + brokerPort;
    }

    /** As DATABASE_URL. */
    public String databaseUrl() {
        return "postgresql://" + database.user() + ":" + database.password() + "@" + database.host() + ":"
                + database.port() + "/" + database.database();
    }

    public Path dir() {
        return dir;
    }

    public void createTopic(Topics topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers()))) {
            admin.createTopics(List.of(new NewTopic(topic.topic(), topic.defaultPartitions(), (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    public KafkaProducer<byte[], byte[]> producer() {
        // With more in flight, a broker that has just become leader may refuse one batch and take the next.
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        brokers(),
                        "acks",
                        "all",
                        "linger.ms",
                        5,
                        "max.block.ms",
                        120_000,
                        "max.in.flight.requests.per.connection",
                        1),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    public static ProducerRecord<byte[], byte[]> record(Envelope event) {
        return record(Topics.recordKey(event.getSource(), event.getSymbol()), event.toByteArray());
    }

    public static ProducerRecord<byte[], byte[]> record(String key, byte @Nullable [] value) {
        return new ProducerRecord<>(Topics.BARS.topic(), key.getBytes(java.nio.charset.StandardCharsets.UTF_8), value);
    }

    /** Sends all and returns when the broker has them. */
    public void send(Collection<ProducerRecord<byte[], byte[]>> records) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            List<Future<?>> sent = new ArrayList<>();
            for (ProducerRecord<byte[], byte[]> record : records) {
                sent.add(producer.send(record));
            }
            producer.flush();
            for (Future<?> one : sent) {
                one.get(60, TimeUnit.SECONDS);
            }
        }
    }

    public void sendBars(Collection<Envelope> events) throws Exception {
        send(events.stream().map(Rig::record).toList());
    }

    /** All records of a topic up to its present end. */
    public List<ConsumerRecord<byte[], byte[]>> read(Topics topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", brokers(), "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topic()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(500)).forEach(records::add);
            }
        }
        return records;
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }

    /** Rows as texts, columns joined by {@code |}. */
    public List<String> ask(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> answer = new ArrayList<>();
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(String.valueOf(rows.getString(i)));
                }
                answer.add(String.join("|", row));
            }
            return answer;
        }
    }

    public long count(String sql) throws SQLException {
        return Long.parseLong(ask(sql).get(0));
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        broker.destroyForcibly();
        database.close();
    }
}
