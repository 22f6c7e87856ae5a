package io.tidemark.edge.forward;

import static io.tidemark.edge.log.LogFixture.SOURCE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.MemorySize;
import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.topic.Headers;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.edge.log.EventLog;
import io.tidemark.edge.log.LogFixture;
import io.tidemark.local.broker.BrokerProcess;
import io.tidemark.local.broker.EmbeddedBroker;
import io.tidemark.local.port.Ports;
import java.io.File;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forwarder against a real broker: absent, present, killed. */
class ForwarderIT {
    @TempDir
    Path folder;

    record Settings(String bootstrapServers) implements ForwardSettings {
        @Override
        public boolean enabled() {
            return true;
        }

        @Override
        public String compression() {
            return "lz4";
        }

        @Override
        public MemorySize bufferMemory() {
            return new MemorySize(BigInteger.valueOf(6 << 20));
        }

        @Override
        public Duration linger() {
            return Duration.ofMillis(5);
        }

        @Override
        public Duration cursorInterval() {
            return Duration.ofMillis(200);
        }

        @Override
        public int partitions() {
            return 4;
        }

        @Override
        public short replicas() {
            return 1;
        }

        @Override
        public Duration drainLimit() {
            return Duration.ofSeconds(30);
        }
    }

    private static void await(BooleanSupplier condition, Duration limit, String what) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "not in time: " + what);
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** Everything that stands on the market topics now. */
    private static List<ConsumerRecord<byte[], byte[]>> consume(String servers) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", servers);
        properties.put("auto.offset.reset", "earliest");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (Topics topic : Topics.market()) {
                consumer.partitionsFor(topic.topic())
                        .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!partitions.stream().allMatch(p -> consumer.position(p) >= ends.getOrDefault(p, 0L))) {
                assertTrue(System.nanoTime() < end, "the topics could not be read to their ends");
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    private static List<Envelope> sendable(LogFixture edge) throws Exception {
        return LogFixture.events(edge.store, SOURCE).stream()
                .filter(event -> !event.hasFrame())
                .toList();
    }

    private static Set<Identity> identities(List<ConsumerRecord<byte[], byte[]>> records) throws Exception {
        Set<Identity> distinct = new LinkedHashSet<>();
        for (ConsumerRecord<byte[], byte[]> event : records) {
            distinct.add(Identity.of(Envelope.parseFrom(event.value())));
        }
        return distinct;
    }

    private static String header(ConsumerRecord<byte[], byte[]> event, String name) {
        return new String(event.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Test
    void aBrokerThatComesLateGetsEverythingOnceAndInOrder() throws Exception {
        int port = Ports.free();
        try (LogFixture edge = new LogFixture(folder.resolve("edge"))) {
            EventLog log = edge.store.open(SOURCE);
            Forwarder forwarder = new Forwarder(
                    edge.store, new Settings("127.0.0.1:" + port), SendRate.UNLIMITED, new SimpleMeterRegistry());
            forwarder.start();
            for (long id = 0; id < 3000; id++) {
                edge.trade(log, id, id % 3 == 0 ? "ETH-USDT" : "BTC-USDT");
                if (id == 1000) {
                    log.rotate();
                }
            }
            edge.pass(Duration.ofSeconds(1));
            assertFalse(forwarder.drain(Duration.ofMillis(100)));
            assertEquals(3000, forwarder.pending());
            try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), port, Ports.free())) {
                assertTrue(forwarder.drain(Duration.ofSeconds(60)));
                for (long id = 3000; id < 5000; id++) {
                    edge.trade(log, id);
                }
                edge.pass(Duration.ofSeconds(1));
                assertTrue(forwarder.drain(Duration.ofSeconds(60)));
                assertEquals(5000, forwarder.acknowledged());
                forwarder.close();

                List<ConsumerRecord<byte[], byte[]>> records = consume(broker.bootstrapServers());
                assertEquals(5000, records.size());
                Map<String, Long> last = new HashMap<>();
                Map<Identity, byte[]> values = new HashMap<>();
                for (ConsumerRecord<byte[], byte[]> event : records) {
                    Envelope envelope = Envelope.parseFrom(event.value());
                    assertEquals(
                            Topics.recordKey(envelope.getSource(), envelope.getSymbol()),
                            new String(event.key(), StandardCharsets.UTF_8));
                    assertEquals(Long.toString(envelope.getSequence()), header(event, Headers.SEQUENCE));
                    assertEquals("pi", header(event, Headers.EDGE));
                    assertEquals("default", header(event, Headers.TENANT));
                    assertEquals("trades", header(event, Headers.CHANNEL));
                    assertEquals("1", header(event, Headers.INCARNATION));
                    Long before = last.put(envelope.getSymbol(), envelope.getSequence());
                    assertEquals(before == null ? 0 : before + 1, envelope.getSequence());
                    values.put(Identity.of(envelope), event.value());
                }
                for (Envelope event : sendable(edge)) {
                    assertArrayEquals(event.toByteArray(), values.remove(Identity.of(event)));
                }
                assertTrue(values.isEmpty());

                // A second start goes on from the cursors and repeats nothing.
                try (Forwarder again = new Forwarder(
                        edge.store,
                        new Settings(broker.bootstrapServers()),
                        SendRate.UNLIMITED,
                        new SimpleMeterRegistry())) {
                    again.start();
                    assertEquals(5000, again.acknowledged());
                    edge.trade(log, 5000);
                    edge.pass(Duration.ofSeconds(1));
                    assertTrue(again.drain(Duration.ofSeconds(60)));
                }
                assertEquals(5001, consume(broker.bootstrapServers()).size());
            }
        }
    }

    @Test
    void aHeldBackFamilyWaitsInTheLogWhileOthersFlow() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"));
                LogFixture edge = new LogFixture(folder.resolve("edge"))) {
            // A former incarnation, so that there is a gap event beside the trades.
            edge.store.open(SOURCE);
            EventLog other = edge.store.open("kraken");
            AtomicBoolean held = new AtomicBoolean(true);
            SendRate rate = family -> family != Topics.TRADES || !held.get();
            try (Forwarder forwarder = new Forwarder(
                    edge.store, new Settings(broker.bootstrapServers()), rate, new SimpleMeterRegistry())) {
                forwarder.start();
                for (long id = 0; id < 500; id++) {
                    edge.trade(other, id);
                    edge.quote(other, id);
                }
                edge.pass(Duration.ofSeconds(1));
                await(() -> forwarder.acknowledged() == 500, Duration.ofSeconds(30), "the quotes");
                assertEquals(500, forwarder.pending());
                held.set(false);
                assertTrue(forwarder.drain(Duration.ofSeconds(30)));
            }
            assertEquals(1000, consume(broker.bootstrapServers()).size());
        }
    }

    @Test
    void aBrokerKilledInTheMiddleMissesNothing() throws Exception {
        long seed = Long.getLong("tidemark.seed", System.nanoTime());
        System.out.println("ForwarderIT seed " + seed);
        Random random = new Random(seed);
        int port = Ports.free();
        int controller = Ports.free();
        List<String> command =
                BrokerProcess.command(System.getProperty("java.class.path"), folder.resolve("kafka"), port, controller);
        File output = folder.resolve("broker.log").toFile();
        Process broker = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        try (LogFixture edge = new LogFixture(folder.resolve("edge"))) {
            edge.store.start();
            EventLog log = edge.store.open(SOURCE);
            Settings settings = new Settings("127.0.0.1:" + port);
            Forwarder forwarder = new Forwarder(edge.store, settings, SendRate.UNLIMITED, new SimpleMeterRegistry());
            forwarder.start();
            long id = 0;
            for (int round = 0; round < 2; round++) {
                long kill = id + 2000 + random.nextInt(4000);
                long reached = forwarder.acknowledged();
                while (id < kill) {
                    edge.trade(log, id++, "S" + id % 7 + "-USDT");
                }
                edge.pass(Duration.ofSeconds(1));
                await(() -> forwarder.acknowledged() > reached, Duration.ofSeconds(60), "some records");
                broker.destroyForcibly().waitFor();
                for (int i = 0; i < 3000; i++) {
                    edge.trade(log, id++, "S" + id % 7 + "-USDT");
                }
                edge.pass(Duration.ofSeconds(1));
                broker = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
                        .start();
            }
            assertTrue(forwarder.drain(Duration.ofSeconds(120)), "pending " + forwarder.pending());
            forwarder.close();
            List<ConsumerRecord<byte[], byte[]>> records = consume("127.0.0.1:" + port);
            Set<Identity> expected = new LinkedHashSet<>();
            sendable(edge).forEach(event -> expected.add(Identity.of(event)));
            assertEquals(expected, identities(records));
            assertEquals(id, expected.size());
            System.out.println("records " + records.size() + ", distinct " + expected.size());
        } finally {
            broker.destroyForcibly().waitFor();
        }
    }
}
