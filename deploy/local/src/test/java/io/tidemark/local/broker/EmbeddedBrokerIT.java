package io.tidemark.local.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.local.port.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EmbeddedBrokerIT {
    @TempDir
    Path dir;

    @Test
    void keepsItsRecordsAndItsAddressOverAStop() throws Exception {
        String address;
        try (EmbeddedBroker broker = EmbeddedBroker.start(dir)) {
            address = broker.bootstrapServers();
            createTopic(address, "numbers");
            send(address, "numbers", 0, 100);
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(dir)) {
            assertEquals(address, broker.bootstrapServers());
            send(address, "numbers", 100, 200);
            assertEquals(200, count(address, "numbers"));
        }
    }

    @Test
    void asAProcessItKeepsAcknowledgedRecordsWhenKilled() throws Exception {
        int port = Ports.free();
        int controllerPort = Ports.free();
        String address = "127.0.0.1:" + port;
        Process first = startProcess(port, controllerPort);
        try {
            createTopic(address, "numbers");
            send(address, "numbers", 0, 1000);
        } finally {
            first.destroyForcibly();
        }
        assertTrue(first.waitFor(10, TimeUnit.SECONDS));
        Process second = startProcess(port, controllerPort);
        try {
            send(address, "numbers", 1000, 1001);
            assertEquals(1001, count(address, "numbers"));
            second.destroy();
            assertTrue(second.waitFor(30, TimeUnit.SECONDS), "stops on SIGTERM");
        } finally {
            second.destroyForcibly();
        }
    }

    private Process startProcess(int port, int controllerPort) throws Exception {
        return new ProcessBuilder(
                        BrokerProcess.command(System.getProperty("java.class.path"), dir, port, controllerPort))
                .inheritIO()
                .start();
    }

    private static void createTopic(String address, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get(60, TimeUnit.SECONDS);
        }
    }

    private static void send(String address, String topic, int from, int to) throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", address, "acks", "all", "max.in.flight.requests.per.connection", 1);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = from; i < to; i++) {
                var pending = producer.send(new ProducerRecord<>(topic, Integer.toString(i), "value"));
                if (i == to - 1) {
                    producer.flush();
                    pending.get(60, TimeUnit.SECONDS);
                }
            }
        }
    }

    private static int count(String address, String topic) {
        Map<String, Object> settings = Map.of("bootstrap.servers", address, "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
            consumer.assign(partitions);
            long end = consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            int seen = 0;
            while (seen < end) {
                seen += consumer.poll(Duration.ofSeconds(1)).count();
            }
            return seen;
        }
    }
}
