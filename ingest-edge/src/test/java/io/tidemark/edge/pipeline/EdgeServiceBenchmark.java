package io.tidemark.edge.pipeline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.edge.feed.Await;
import io.tidemark.local.broker.BrokerProcess;
import io.tidemark.local.port.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code mvn -Pbench verify -pl ingest-edge -am -Dit.test=EdgeServiceBenchmark -Dfailsafe.failIfNoSpecifiedTests=false}:
 * the packaged service with a real broker and the simulated exchange: its resident memory, what it writes to the disk for
 * each raw byte, and the time from a frame's receipt to Kafka's acknowledgement. {@code -Dtest.jvm.args=-Dseconds=1800}
 * for the half hour.
 */
class EdgeServiceBenchmark {
    private static final int SECONDS = Integer.getInteger("seconds", 120);
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final List<Process> processes = new ArrayList<>();
    private final int edgePort = Ports.free();
    private final int exchangePort = Ports.free();
    private final int brokerPort = Ports.free();

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    private Process start(String name, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile());
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private void startBroker() throws IOException {
        start("broker", BrokerProcess.command(CLASS_PATH, folder.resolve("kafka"), brokerPort, Ports.free()));
    }

    private Process startExchange(List<String> symbols, double speed) throws IOException {
        return start(
                "exchange",
                List.of(
                        java(),
                        "-Xmx512m",
                        "-cp",
                        CLASS_PATH,
                        "io.tidemark.exchange.ExchangeCommand",
                        "serve",
                        "--port",
                        Integer.toString(exchangePort),
                        "--market",
                        "--symbols",
                        String.join(",", symbols),
                        "--seconds",
                        "0",
                        "--speed",
                        String.format(Locale.ROOT, "%.3f", speed),
                        "--no-patient"));
    }

    private Process startEdge(String name, List<String> symbols, boolean forward, String more) throws IOException {
        Path settings = folder.resolve(name + ".yaml");
        Files.writeString(settings, """
                quarkus: {http: {port: %d}}
                kafka: {bootstrap: {servers: "127.0.0.1:%d"}}
                edge:
                  name: pi-test
                  data-dir: %s
                  forward: {enabled: %s}
                  %s
                  feeds:
                    binance:
                      symbols: [%s]
                      url: ws://127.0.0.1:%d
                      rest-url: http://127.0.0.1:%d
                      reconnect-delay: 100ms
                """.formatted(
                        edgePort,
                        brokerPort,
                        folder.resolve(name),
                        forward,
                        more,
                        String.join(", ", symbols),
                        exchangePort,
                        exchangePort));
        return start(
                name,
                List.of(
                        java(),
                        "-XX:+UseSerialGC",
                        "-Xmx40m",
                        "-Xss512k",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:ReservedCodeCacheSize=32m",
                        "-Dquarkus.config.locations=" + settings,
                        "-jar",
                        Path.of("target", "quarkus-app", "quarkus-run.jar")
                                .toAbsolutePath()
                                .toString()));
    }

    private static List<String> symbols(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> i == 0 ? "BTCUSDT" : String.format("T%03dUSDT", i))
                .collect(Collectors.toList());
    }

    private @Nullable String get(String path) {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edgePort + path))
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode feed() {
        try {
            String body = get("/status");
            return json.readTree(body == null ? "{}" : body).path("feeds").path("binance");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private long frames() {
        return feed().path("frames").asLong(0);
    }

    private static void pause(double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    /** Frames a second that the market makes at its own pace. */
    private double pace(List<String> symbols) throws Exception {
        Process exchange = startExchange(symbols, 1);
        Process edge = startEdge("pace", symbols, false, "");
        Await.until(() -> "the edge", () -> frames() > 0);
        pause(3);
        long before = frames();
        pause(8);
        double pace = (frames() - before) / 8.0;
        for (Process process : List.of(edge, exchange)) {
            process.destroyForcibly().waitFor();
        }
        return pace;
    }

    private static long kilobytes(Process process, String file, String key) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/" + file)).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 1000})
    void residentMemory(int instruments) throws Exception {
        List<String> symbols = symbols(instruments);
        double pace = pace(symbols);
        startBroker();
        startExchange(symbols, 500 / pace);
        Process edge = startEdge("edge", symbols, true, "");
        Await.until(() -> "the edge", () -> frames() > 0);
        List<Long> resident = new ArrayList<>();
        long first = frames();
        for (int second = 0; second < SECONDS; second += 2) {
            pause(2);
            resident.add(kilobytes(edge, "status", "VmRSS:"));
        }
        int quarter = resident.size() / 4;
        double secondQuarter = average(resident.subList(quarter, 2 * quarter));
        double lastQuarter = average(resident.subList(resident.size() - quarter, resident.size()));
        long most = resident.stream().mapToLong(Long::longValue).max().orElse(0);
        System.out.printf(
                Locale.ROOT,
                "{\"benchmark\":\"edge-memory\",\"instruments\":%d,\"seconds\":%d,\"frames_per_s\":%.0f,"
                        + "\"second_quarter_mb\":%.1f,\"last_quarter_mb\":%.1f,\"drift\":%.4f,\"most_mb\":%.1f,"
                        + "\"ceiling_mb\":%d}%n",
                instruments,
                SECONDS,
                (frames() - first) / (double) SECONDS,
                secondQuarter / 1024,
                lastQuarter / 1024,
                lastQuarter / secondQuarter - 1,
                most / 1024.0,
                instruments > 100 ? 192 : 140);
        stop(edge);
    }

    private static double average(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).average().orElse(0);
    }

    private static void stop(Process edge) throws InterruptedException {
        edge.destroy();
        assertTrue(edge.waitFor(120, TimeUnit.SECONDS), "the edge stops");
    }

    @Test
    void deviceBytesOfLogAndParquet() throws Exception {
        List<String> symbols = symbols(20);
        double pace = pace(symbols);
        startExchange(symbols, 2000 / pace);
        Process edge =
                startEdge("edge", symbols, false, "segment: {parquet-compression: zstd}\n  log: {segment-max-mb: 8}");
        Await.until(() -> "the edge", () -> frames() > 0);
        pause(Math.min(SECONDS, 120));
        Path io = Path.of("/proc/" + edge.pid() + "/io");
        edge.destroy();
        long written = 0;
        long calls = 0;
        // What the last conversion writes counts as well: read until the process is gone.
        while (edge.isAlive()) {
            try {
                for (String line : Files.readAllLines(io)) {
                    long value = Long.parseLong(line.replaceAll("\\D", ""));
                    written = line.startsWith("write_bytes") ? Math.max(written, value) : written;
                    calls = line.startsWith("wchar") ? Math.max(calls, value) : calls;
                }
            } catch (IOException e) {
                break;
            }
            LockSupport.parkNanos(5_000_000);
        }
        long raw = 0;
        long frames = 0;
        try (var files = Files.walk(folder.resolve("edge/raw/ready/ws/frames"))) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".parquet")).toList()) {
                try (EventFileReader reader = EventFileReader.open(file)) {
                    for (var event = reader.next(); event != null; event = reader.next()) {
                        raw += event.getFrame().getPayload().size();
                        frames++;
                    }
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "{\"benchmark\":\"edge-device-bytes\",\"frames\":%d,\"raw_bytes\":%d,\"write_bytes\":%d,\"wchar\":%d,"
                        + "\"device_bytes_per_raw_byte\":%.3f,\"ceiling\":0.6}%n",
                frames,
                raw,
                written,
                calls,
                written / (double) raw);
    }

    @ParameterizedTest
    @CsvSource({"100", "1000", "5000"})
    void frameToAcknowledgement(int rate) throws Exception {
        List<String> symbols = symbols(20);
        double pace = pace(symbols);
        startBroker();
        startExchange(symbols, rate / pace);
        Process edge = startEdge("edge", symbols, true, "");
        Await.until(() -> "the edge", () -> frames() > 0);
        pause(20);
        long first = frames();
        pause(30);
        double reached = (frames() - first) / 30.0;
        String metrics = Objects.requireNonNull(get("/q/metrics"));
        System.out.printf(
                Locale.ROOT,
                "{\"benchmark\":\"edge-frame-to-ack\",\"wanted_frames_per_s\":%d,\"frames_per_s\":%.0f,"
                        + "\"p50_ms\":%.1f,\"p99_ms\":%.1f}%n",
                rate,
                reached,
                quantile(metrics, "0.5"),
                quantile(metrics, "0.99"));
        stop(edge);
    }

    private static double quantile(String metrics, String which) {
        return metrics.lines()
                .filter(line ->
                        line.startsWith("edge_forward_ack_seconds{") && line.contains("quantile=\"" + which + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .map(seconds -> seconds * 1000)
                .findFirst()
                .orElse(Double.NaN);
    }
}
