package io.tidemark.edge.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.edge.check.FolderCheck;
import io.tidemark.edge.feed.Await;
import io.tidemark.local.port.Ports;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service on a file system of a few megabytes that fills up and empties again; nobody restarts it. */
class SmallDiskIT {
    private static final int MEGABYTES = 24;
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final List<Process> processes = new ArrayList<>();
    private final int edgePort = Ports.free();
    private final int exchangePort = Ports.free();

    @AfterEach
    void end() {
        processes.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }

    private Process start(String name, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static boolean canMount() throws IOException, InterruptedException {
        try {
            Process probe = new ProcessBuilder(
                            "unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/mnt")
                    .redirectErrorStream(true)
                    .start();
            probe.getInputStream().transferTo(OutputStream.nullOutputStream());
            return probe.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The edge on its own small file system; the path by which it is seen from here. */
    private Path startEdge(String disk) throws Exception {
        assumeTrue(canMount(), "needs a user namespace in which a tmpfs can be mounted (unshare -rm)");
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
                        "--market",
                        "--seconds",
                        "0",
                        "--speed",
                        "1",
                        "--no-patient"));
        Path small = Files.createDirectory(folder.resolve("small"));
        Path settings = folder.resolve("edge.yaml");
        Files.writeString(settings, """
                quarkus: {http: {port: %d}}
                edge:
                  name: pi-test
                  data-dir: %s
                  forward: {enabled: false}
                  disk: %s
                  feeds:
                    binance:
                      symbols: [BTCUSDT]
                      url: ws://127.0.0.1:%d
                      rest-url: http://127.0.0.1:%d
                      reconnect-delay: 100ms
                """.formatted(edgePort, small.resolve("data"), disk, exchangePort, exchangePort));
        Process edge = start(
                "edge",
                List.of(
                        "unshare",
                        "-rm",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o size=" + MEGABYTES + "m tmpfs \"$1\" && shift && exec \"$@\"",
                        "sh",
                        small.toString(),
                        java(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dquarkus.config.locations=" + settings,
                        "-jar",
                        Path.of("target", "quarkus-app", "quarkus-run.jar")
                                .toAbsolutePath()
                                .toString()));
        Await.until(this::tail, () -> frames() > 20);
        return Path.of("/proc/" + edge.pid() + "/root" + small);
    }

    private @Nullable JsonNode status() {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edgePort + "/status"))
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
        JsonNode status = status();
        return status == null
                ? -1
                : status.path("feeds").path("binance").path("frames").asLong(-1);
    }

    private String state() {
        JsonNode status = status();
        return status == null
                ? ""
                : status.path("feeds").path("binance").path("state").asText();
    }

    private String tier() {
        JsonNode status = status();
        return status == null ? "" : status.path("disk").path("tier").asText();
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(folder.resolve("edge.log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Fills up to so many per cent; 100 is to the last byte. */
    private static void fill(Path small, int percent) throws IOException {
        long total = Files.getFileStore(small).getTotalSpace();
        byte[] block = new byte[16 << 10];
        try (OutputStream out = Files.newOutputStream(
                small.resolve("filler"),
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND)) {
            while (total - Files.getFileStore(small).getUsableSpace() < total / 100 * percent || percent == 100) {
                out.write(block);
            }
        } catch (IOException e) {
            if (percent != 100) {
                throw e;
            }
        }
    }

    private List<Envelope> stopAndRead(Path small) throws Exception {
        Process edge = processes.get(1);
        // Seen only while somebody is in it.
        Process guard = start("guard", List.of("nsenter", "-t", Long.toString(edge.pid()), "-U", "-m", "sleep", "300"));
        Await.until(
                () -> "guard",
                () -> Files.exists(Path.of("/proc/" + guard.pid() + "/root"
                        + small.toString().replaceFirst("/proc/\\d+/root", "") + "/data")));
        edge.destroy();
        assertTrue(edge.waitFor(60, TimeUnit.SECONDS), "the edge stops");
        assertEquals(0, edge.exitValue(), this::tail);
        Path data = Path.of(
                "/proc/" + guard.pid() + "/root" + small.toString().replaceFirst("/proc/\\d+/root", "") + "/data");
        assertEquals(List.of(), FolderCheck.run(data).faults());
        List<Envelope> events = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> all = Files.walk(data.resolve("raw/ready/ws"))) {
            files = all.filter(file -> file.toString().endsWith(".parquet")).toList();
        }
        for (Path file : files) {
            if (file.toString().contains("/gaps/") || file.toString().contains("/sessions/")) {
                try (EventFileReader reader = EventFileReader.open(file)) {
                    for (Envelope event = reader.next(); event != null; event = reader.next()) {
                        events.add(event);
                    }
                }
            }
        }
        return events;
    }

    private static List<String> gaps(List<Envelope> events) {
        return events.stream()
                .filter(event -> event.hasGap() && event.getGap().getReason() == GapReason.GAP_REASON_DISK)
                .map(event -> event.getGap().getDetail())
                .toList();
    }

    @Test
    void asTheDiskFillsUpLessIsRecordedThenNothingAndAllOfItAgainWhenThereIsRoom() throws Exception {
        Path small = startEdge("{check-interval: 200ms}");
        fill(small, 91);
        Await.until(this::tail, () -> tier().equals("thinning"));
        long before = frames();
        JsonNode counts = Objects.requireNonNull(status()).path("channels");
        Await.until(
                this::tail,
                () -> Objects.requireNonNull(status())
                                .path("channels")
                                .path("trades")
                                .path("logged")
                                .asLong()
                        > counts.path("trades").path("logged").asLong() + 3);
        assertTrue(frames() - before <= 5, "raw frames are left out: " + before + " became " + frames());
        fill(small, 97);
        Await.until(this::tail, () -> tier().equals("stopped") && state().equals("WAITING"));
        Files.delete(small.resolve("filler"));
        Await.until(this::tail, () -> tier().equals("normal") && state().equals("CONNECTED"));
        long again = frames();
        Await.until(this::tail, () -> frames() > again + 20);
        List<String> gaps = gaps(stopAndRead(small));
        assertTrue(gaps.stream().anyMatch(gap -> gap.contains("raw frames and book depth")), gaps::toString);
        assertTrue(gaps.stream().anyMatch(gap -> gap.contains("nothing is recorded")), gaps::toString);
        assertTrue(gaps.stream().anyMatch(gap -> gap.contains("everything is recorded")), gaps::toString);
    }

    @Test
    void aDiskWithoutAnyByteLeftIsWaitedForAndTheHoleIsNamed() throws Exception {
        // The steps come too late here: the log itself is refused.
        Path small = startEdge("{check-interval: 10m}");
        fill(small, 100);
        Await.until(this::tail, () -> state().equals("WAITING"));
        JsonNode waiting = Objects.requireNonNull(status()).path("feeds").path("binance");
        assertTrue(waiting.path("last-error").asText().contains("cannot be written"), waiting::toString);
        Files.delete(small.resolve("filler"));
        Await.until(this::tail, () -> state().equals("CONNECTED"));
        long again = frames();
        Await.until(this::tail, () -> frames() > again + 20);
        List<String> gaps = gaps(stopAndRead(small));
        assertTrue(gaps.contains("the log could not be written"), gaps::toString);
    }
}
