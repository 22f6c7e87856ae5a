package io.tidemark.edge.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.edge.Recordings;
import io.tidemark.edge.feed.Await;
import io.tidemark.local.broker.EmbeddedBroker;
import io.tidemark.local.port.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service: files are loaded into its folder, then it polls; all of it comes to a real broker. */
class PolledServiceIT {
    @TempDir
    Path folder;

    private Path settings(String address, int brokerPort, int edgePort) throws IOException {
        return Files.writeString(folder.resolve("edge.yaml"), """
                quarkus: {http: {port: %d}}
                kafka: {bootstrap: {servers: "127.0.0.1:%d"}}
                edge:
                  name: pi-test
                  data-dir: %s
                  polls:
                    deribit:
                      url: %s
                      currencies: [BTC]
                      contracts: [BTC-26DEC25-100000-C]
                      interval: 1s
                    edgar:
                      url: %s
                      ciks: [1640147]
                      symbol-names: {"1640147": SNOW}
                      user-agent: test me@example.com
                      interval: 1s
                    news:
                      feeds: [%s/rss]
                      interval: 1s
                    binance-klines:
                      kind: klines
                      url: %s
                      symbols: [BTCUSDT]
                      history: 3000d
                      interval: 1s
                """.formatted(
                        edgePort, brokerPort, folder.resolve("data"), address, address, address, address));
    }

    private Process start(Path settings, String name, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-Xss512k",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.config.locations=" + settings,
                "-jar",
                Path.of("target", "quarkus-app", "quarkus-run.jar")
                        .toAbsolutePath()
                        .toString()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
    }

    private void load(Path settings, String file, String format, String source) throws Exception {
        Process load = start(
                settings,
                source,
                List.of("load", Recordings.folder().resolve(file).toString(), "--format", format, "--source", source));
        assertTrue(load.waitFor(120, TimeUnit.SECONDS));
        assertEquals(0, load.exitValue(), Files.readString(folder.resolve(source + ".log")));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = PolledServiceIT.class.getResourceAsStream("/poll/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    @Test
    void loadedAndPolledEventsComeToKafkaOnce() throws Exception {
        int edgePort = Ports.free();
        PollSupervisorTest.Candles candles = new PollSupervisorTest.Candles(1_201);
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"));
                PollServer server = new PollServer();
                InputStream facts = new GZIPInputStream(Files.newInputStream(
                        Recordings.folder().resolve("fundamentals/sec/companyfacts-snowflake.json.gz")))) {
            server.at("/api/v2/public/get_instruments", PollServer.ok(resource("deribit-instruments.json")));
            server.at("/api/v2/public/get_book_summary_by_currency", PollServer.ok(resource("deribit-summary.json")));
            server.at("/api/v2/public/ticker", PollServer.ok(resource("deribit-ticker.json")));
            server.at("/rss", PollServer.tagged("\"a\"", resource("rss.xml")));
            server.at("/api/xbrl/companyfacts/CIK0001640147.json", PollServer.tagged("\"b\"", facts.readAllBytes()));
            server.at("/api/v3/klines", candles);
            Path settings = settings(server.address(), broker.port(), edgePort);
            load(settings, "options/lean-universe/aapl_20140606.csv.gz", "lean-universe", "lean-chain");
            load(settings, "news/sec/submissions-tesla.json.gz", "sec-submissions", "filings");
            load(settings, "bars/lean-equity-aapl-minute/20140605_trade.zip", "lean-equity", "lean-bars");

            Process edge = start(settings, "edge", List.of());
            try {
                Await.until("ready", () -> {
                    JsonNode polls = get(edgePort, "/status").path("polls");
                    return polls.path("deribit").path("records").asLong() == 3
                            && polls.path("edgar").path("records").asLong() == 8_163
                            && polls.path("news").path("records").asLong() == 3
                            && polls.path("binance-klines").path("records").asLong() == 1_200
                            && get(edgePort, "/q/health/ready")
                                    .path("status")
                                    .asText()
                                    .equals("UP");
                });
                Await.until("two rounds", () -> server.asked().size() > 20);
                edge.destroy();
                assertTrue(edge.waitFor(60, TimeUnit.SECONDS));
                assertEquals(0, edge.exitValue(), Files.readString(folder.resolve("edge.log")));
            } finally {
                edge.destroyForcibly();
            }
            JsonNode status = new ObjectMapper()
                    .readTree(folder.resolve("data/status.json").toFile());
            status.path("channels")
                    .properties()
                    .forEach(channel -> assertEquals(
                            channel.getValue().path("logged").asLong(),
                            channel.getValue().path("decoded").asLong(),
                            channel.getKey()));
            assertEquals(0, status.path("forward").path("pending").asLong());
            assertEquals(
                    Map.of(
                            "options", 2_180L + 3,
                            "fundamentals", 8_163L,
                            "news", 1_001L + 3,
                            "bars-1m", 686L,
                            "bars-native-1m", 1_200L),
                    distinct(broker.bootstrapServers()));
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();

    private JsonNode get(int port, String path) {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(Duration.ofSeconds(5))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new ObjectMapper().readTree(answer.body());
        } catch (IOException e) {
            return new ObjectMapper().createObjectNode();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Distinct identities on the topics, by channel; but for sessions and gaps. */
    private static Map<String, Long> distinct(String servers) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", servers);
        properties.put("auto.offset.reset", "earliest");
        Set<Identity> seen = new HashSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (Topics topic : List.of(Topics.OPTIONS, Topics.FUNDAMENTALS, Topics.NEWS, Topics.BARS)) {
                consumer.partitionsFor(topic.topic())
                        .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!partitions.stream().allMatch(p -> consumer.position(p) >= ends.getOrDefault(p, 0L))) {
                assertTrue(System.nanoTime() < end, "the topics could not be read to their ends");
                for (ConsumerRecord<byte[], byte[]> one : consumer.poll(Duration.ofMillis(200))) {
                    seen.add(Identity.of(Envelope.parseFrom(one.value())));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Long> counts = new TreeMap<>();
        seen.forEach(identity -> counts.merge(identity.channel(), 1L, Long::sum));
        return counts;
    }
}
