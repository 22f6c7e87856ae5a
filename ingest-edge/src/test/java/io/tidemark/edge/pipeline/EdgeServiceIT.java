package io.tidemark.edge.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.RateSignal;
import io.tidemark.contracts.proto.RateState;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.edge.Recordings;
import io.tidemark.edge.feed.Await;
import io.tidemark.local.broker.BrokerProcess;
import io.tidemark.local.port.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service in its small heap, with a real broker and the simulated exchange; all three are killed. */
class EdgeServiceIT {
    private static final String CAPTURE = "captures/binance-spot/btcusdt_20240808.gz";
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, Process> processes = new HashMap<>();
    private final int edgePort = Ports.free();
    private final int exchangePort = Ports.free();
    private final int brokerPort = Ports.free();
    private final int controllerPort = Ports.free();

    @AfterEach
    void end() {
        processes.values().forEach(Process::destroyForcibly);
    }

    private void start(String name, List<String> command) throws IOException {
        processes.put(
                name,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                folder.resolve(name + ".log").toFile()))
                        .start());
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private void startBroker() throws IOException {
        start("broker", BrokerProcess.command(CLASS_PATH, folder.resolve("kafka"), brokerPort, controllerPort));
    }

    private void startExchange() throws IOException {
        start(
                "exchange",
                List.of(
                        java(),
                        "-cp",
                        CLASS_PATH,
                        "io.tidemark.exchange.ExchangeCommand",
                        "serve",
                        "--port",
                        Integer.toString(exchangePort),
                        "--state",
                        folder.resolve("exchange.json").toString(),
                        "--capture",
                        Recordings.folder().resolve(CAPTURE).toString()));
    }

    private void startEdge() throws IOException {
        Path settings = folder.resolve("edge.yaml");
        Files.writeString(
                settings, """
                quarkus: {http: {port: %d}}
                kafka: {bootstrap: {servers: "127.0.0.1:%d"}}
                edge:
                  name: pi-test
                  data-dir: %s
                  feeds:
                    binance:
                      symbols: [BTCUSDT]
                      url: ws://127.0.0.1:%d
                      rest-url: http://127.0.0.1:%d
                      finite: true
                      resume: true
                      reconnect-delay: 100ms
                """.formatted(edgePort, brokerPort, folder.resolve("data"), exchangePort, exchangePort));
        start(
                "edge",
                List.of(
                        java(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-Xss512k",
                        "-XX:TieredStopAtLevel=1",
                        "-Dquarkus.config.locations=" + settings,
                        "-jar",
                        Path.of("target", "quarkus-app", "quarkus-run.jar")
                                .toAbsolutePath()
                                .toString()));
    }

    private void kill(String name) throws InterruptedException {
        Objects.requireNonNull(processes.get(name)).destroyForcibly().waitFor();
    }

    private @Nullable JsonNode get(int port, String path) {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(Duration.ofSeconds(5))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return json.readTree(answer.body());
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private long frames() {
        JsonNode status = get(edgePort, "/status");
        return status == null
                ? -1
                : status.path("feeds").path("binance").path("frames").asLong(-1);
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(folder.resolve("edge.log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void whateverIsKilledEveryFrameIsEverywhereExactlyOnce() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        startExchange();
        startEdge();
        for (String victim : List.of("edge", "exchange", "broker", "edge")) {
            if (!processes.containsKey("broker")) {
                // The first frames come before there is a broker at all.
                Await.until(this::tail, () -> frames() > 0);
                startBroker();
            }
            long target = Math.max(0, frames()) + 1 + random.nextInt(6000);
            Await.until(this::tail, () -> frames() >= target || ended());
            kill(victim);
            switch (victim) {
                case "edge" -> startEdge();
                case "exchange" -> startExchange();
                default -> startBroker();
            }
        }
        Await.until(this::tail, this::ended);
        Await.until(this::tail, () -> {
            JsonNode status = get(edgePort, "/status");
            return status != null && status.path("forward").path("pending").asLong(-1) == 0;
        });
        JsonNode exchange = Objects.requireNonNull(get(exchangePort, "/admin/status"));
        assertEquals(41_248, exchange.path("emitted").asLong());
        assertEquals(
                "UP",
                Objects.requireNonNull(get(edgePort, "/q/health/ready"))
                        .path("status")
                        .asText());

        Process edge = Objects.requireNonNull(processes.get("edge"));
        edge.destroy();
        assertTrue(edge.waitFor(120, TimeUnit.SECONDS), "the edge stops");
        assertEquals(0, edge.exitValue(), this::tail);

        JsonNode status = json.readTree(folder.resolve("data/status.json").toFile());
        assertEquals("ENDED", status.path("feeds").path("binance").path("state").asText());
        assertEquals(41_248, status.path("feeds").path("binance").path("frames").asLong());
        assertEquals(0, status.path("quarantined").asLong());
        Map<String, Long> logged = new TreeMap<>();
        status.path("channels").properties().forEach(channel -> {
            long count = channel.getValue().path("logged").asLong();
            assertEquals(count, channel.getValue().path("decoded").asLong(), channel.getKey());
            logged.put(channel.getKey(), count);
        });
        assertEquals(9_757, logged.get("trades"));
        assertEquals(28_040, logged.get("quotes"));
        assertEquals(3_451, logged.get("book-deltas"));
        assertEquals(logged, inSegments());
        Map<String, Long> forwarded = new TreeMap<>(logged);
        forwarded.remove("frames");
        assertEquals(forwarded, onKafka());
    }

    @Test
    void aSignalHoldsItsFamilyBackInTheLogAndNothingElse() throws Exception {
        startBroker();
        startEdge();
        Await.until(this::tail, () -> {
            JsonNode status = get(edgePort, "/status");
            return status != null && status.path("incarnation").asLong() == 1;
        });
        // Like a real sender it says so again and again: the edge listens from its start, not to the past.
        AtomicLong sequence = new AtomicLong();
        Await.until(this::tail, () -> {
            signal(sequence.incrementAndGet(), 20.0);
            JsonNode status = get(edgePort, "/status");
            return status != null && status.path("rate-limits").path("quotes").asDouble() == 20;
        });
        startExchange();
        Await.until(this::tail, this::ended);
        Await.until(this::tail, () -> {
            try {
                return onKafka().getOrDefault("trades", 0L) == 9_757;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        JsonNode held = Objects.requireNonNull(get(edgePort, "/status"));
        assertEquals(28_040, held.path("channels").path("quotes").path("logged").asLong());
        assertTrue(held.path("forward").path("pending").asLong() > 15_000, held::toString);
        assertTrue(onKafka().getOrDefault("quotes", 0L) < 13_000, "most quotes still wait in the log");

        signal(sequence.incrementAndGet(), null);
        Await.until(this::tail, () -> {
            JsonNode status = get(edgePort, "/status");
            return status != null && status.path("forward").path("pending").asLong(-1) == 0;
        });
        assertEquals(28_040, onKafka().get("quotes"));
    }

    /** What a consumer that has only its own rate in mind would send; no rate means no limit. */
    private void signal(long sequence, @Nullable Double rate) {
        RateSignal.Builder signal = RateSignal.newBuilder()
                .setSchemaVersion(1)
                .setConsumer("test")
                .setFamily("quotes")
                .setEdge("pi-test")
                .setEpoch(1)
                .setSequence(sequence)
                .setIssuedAt(System.currentTimeMillis() * 1_000_000L)
                .setLeaseMillis(600_000)
                .setState(rate == null ? RateState.RATE_STATE_GREEN : RateState.RATE_STATE_AMBER);
        if (rate != null) {
            signal.setSuggestedRate(rate);
        }
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + brokerPort),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            byte[] key = Topics.feedbackKey("test", "quotes", "pi-test").getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(
                            Topics.FEEDBACK.topic(), key, signal.build().toByteArray()))
                    .get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean ended() {
        JsonNode status = get(edgePort, "/status");
        return status != null
                && status.path("feeds").path("binance").path("state").asText().equals("ENDED");
    }

    /** Rows by channel, each identity once. */
    private Map<String, Long> inSegments() throws IOException {
        Map<String, Long> rows = new TreeMap<>();
        Set<Identity> seen = new HashSet<>();
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder.resolve("data/raw/ready"))) {
            files = all.filter(file -> file.toString().endsWith(".parquet")).toList();
        }
        for (Path file : files) {
            try (EventFileReader reader = EventFileReader.openIdentities(file)) {
                for (Identity one = reader.nextIdentity(); one != null; one = reader.nextIdentity()) {
                    assertTrue(seen.add(one), one + " is there twice");
                    rows.merge(one.channel(), 1L, Long::sum);
                }
            }
        }
        return rows;
    }

    /** Distinct identities by channel. */
    private Map<String, Long> onKafka() throws IOException {
        Map<String, Long> counts = new TreeMap<>();
        Set<Identity> seen = new HashSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + brokerPort, "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (Topics topic : Topics.market()) {
                consumer.partitionsFor(topic.topic())
                        .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    try {
                        Identity one = Identity.of(Envelope.parseFrom(record.value()));
                        if (seen.add(one)) {
                            counts.merge(one.channel(), 1L, Long::sum);
                        }
                    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                        throw new AssertionError(e);
                    }
                });
            }
        }
        return counts;
    }
}
