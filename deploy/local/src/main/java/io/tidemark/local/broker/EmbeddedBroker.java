package io.tidemark.local.broker;

import io.tidemark.local.port.Ports;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A real Kafka broker and controller (KRaft) in this JVM, on 127.0.0.1 only.
 *
 * <p>The folder belongs to it: a second start on the same folder finds the topics and records of the
 * first, also when that one was killed, and listens on the same port if it is still free. Topics are
 * never created by accident ({@code auto.create.topics.enable=false}). For a broker as a process of its
 * own see {@link BrokerProcess}.
 */
public final class EmbeddedBroker implements AutoCloseable {
    /** One place for the largest record, as a book snapshot of thousands of levels has to fit. */
    private static final int MAX_RECORD_BYTES = 8 << 20;

    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /** Starts on the ports that the folder remembers, or on free ones; returns when clients can connect. */
    public static EmbeddedBroker start(Path dir) {
        int[] remembered = rememberedPorts(dir);
        int port = remembered.length == 2 && Ports.isFree(remembered[0]) ? remembered[0] : Ports.free();
        int controllerPort = remembered.length == 2 && Ports.isFree(remembered[1]) ? remembered[1] : Ports.free();
        return start(dir, port, controllerPort);
    }

    /** Starts on the given ports; returns when clients can connect. */
    public static EmbeddedBroker start(Path dir, int port, int controllerPort) {
        try {
            Files.createDirectories(dir);
            Path logs = dir.resolve("log").toAbsolutePath();
            Files.writeString(dir.resolve("ports"), port + " " + controllerPort + "\n");
            format(logs, clusterId(dir));
            KafkaRaftServer server =
                    new KafkaRaftServer(KafkaConfig.fromProps(settings(logs, port, controllerPort)), Time.SYSTEM);
            try {
                server.startup();
            } catch (RuntimeException e) {
                server.shutdown();
                throw e;
            }
            return new EmbeddedBroker(server, port);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare the broker's folder " + dir, e);
        }
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** Stops in order: clients are told, logs are flushed. The records stay in the folder. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static Properties settings(Path logs, int port, int controllerPort) {
        Properties p = new Properties();
        p.put("process.roles", "broker,controller");
        p.put("node.id", "1");
        p.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        p.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        p.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.put("controller.listener.names", "CONTROLLER");
        p.put("inter.broker.listener.name", "PLAINTEXT");
        p.put("log.dirs", logs.toString());
        // After kill -9 the controller waits for the old session to end before it lets the broker in again.
        p.put("broker.session.timeout.ms", "2000");
        p.put("broker.heartbeat.interval.ms", "500");
        p.put("auto.create.topics.enable", "false");
        p.put("log.retention.ms", "-1");
        p.put("message.max.bytes", Integer.toString(MAX_RECORD_BYTES));
        p.put("replica.fetch.max.bytes", Integer.toString(MAX_RECORD_BYTES));
        // A single node: no replication, small housekeeping topics, small buffers.
        p.put("offsets.topic.replication.factor", "1");
        p.put("offsets.topic.num.partitions", "4");
        p.put("transaction.state.log.replication.factor", "1");
        p.put("transaction.state.log.min.isr", "1");
        p.put("transaction.state.log.num.partitions", "4");
        p.put("share.coordinator.state.topic.replication.factor", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
        p.put("group.initial.rebalance.delay.ms", "0");
        p.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
        p.put("num.network.threads", "2");
        p.put("num.io.threads", "4");
        return p;
    }

    private static void format(Path logs, String clusterId) {
        PrintStream silent = new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try {
            new Formatter()
                    .setClusterId(clusterId)
                    .setNodeId(1)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(logs.toString())
                    .addDirectory(logs.toString())
                    .setIgnoreFormatted(true)
                    .setPrintStream(silent)
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException("cannot format the broker's folder " + logs, e);
        }
    }

    /** The cluster id is written before the first formatting, so that one cut short can be repeated. */
    private static String clusterId(Path dir) throws IOException {
        Path file = dir.resolve("cluster-id");
        if (Files.exists(file)) {
            return Files.readString(file).trim();
        }
        String id = Uuid.randomUuid().toString();
        Files.writeString(file, id + "\n");
        return id;
    }

    private static int[] rememberedPorts(Path dir) {
        try {
            String[] words = Files.readString(dir.resolve("ports")).trim().split(" ", -1);
            return new int[] {Integer.parseInt(words[0]), Integer.parseInt(words[1])};
        } catch (IOException | RuntimeException e) {
            return new int[0];
        }
    }
}
