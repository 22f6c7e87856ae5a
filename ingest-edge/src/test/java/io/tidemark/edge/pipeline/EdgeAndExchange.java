package io.tidemark.edge.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The packaged edge, without Kafka, and simulated exchanges, each a process of its own. */
public final class EdgeAndExchange implements AutoCloseable {
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Process> processes = new HashMap<>();
    private final Map<String, Integer> ports = new HashMap<>();

    public EdgeAndExchange(Path folder) {
        this.folder = folder;
    }

    /** The port of an exchange or of the edge ("edge"), chosen at the first question. */
    public int port(String name) {
        return ports.computeIfAbsent(name, key -> Ports.free());
    }

    public Path data() {
        return folder.resolve("data");
    }

    public void exchange(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-cp",
                CLASS_PATH,
                "io.tidemark.exchange.ExchangeCommand",
                "serve",
                "--port",
                Integer.toString(port(name)),
                "--state",
                folder.resolve(name + ".json").toString()));
        command.addAll(List.of(arguments));
        start(name, command);
    }

    /** {@code settings} is YAML below {@code edge:}, indented by two. */
    public void settings(String settings) throws IOException {
        Files.writeString(folder.resolve("edge.yaml"), """
                quarkus: {http: {port: %d}}
                edge:
                  name: pi-test
                  data-dir: %s
                  forward: {enabled: false}
                  rate: {obey: false}
                """.formatted(port("edge"), data()) + settings.indent(2));
    }

    public void edge() throws IOException {
        start(
                "edge",
                List.of(
                        java(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-Xss512k",
                        "-XX:TieredStopAtLevel=1",
                        "-Dquarkus.config.locations=" + folder.resolve("edge.yaml"),
                        "-jar",
                        Path.of("target", "quarkus-app", "quarkus-run.jar")
                                .toAbsolutePath()
                                .toString()));
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

    public void kill(String name) throws InterruptedException {
        Objects.requireNonNull(processes.get(name)).destroyForcibly().waitFor();
    }

    /** By SIGTERM; the exit code. */
    public int stop(String name) throws InterruptedException {
        Process process = Objects.requireNonNull(processes.get(name));
        process.destroy();
        return process.waitFor();
    }

    /** What the program wrote. */
    public String log(String name) {
        try {
            return Files.readString(folder.resolve(name + ".log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The edge's status; empty while it does not answer. */
    public JsonNode status() {
        return get("edge", "/status");
    }

    public JsonNode get(String name, String path) {
        try {
            return JSON.readTree(send(name, "GET", path, "").body());
        } catch (IOException e) {
            return JSON.createObjectNode();
        }
    }

    /** The number of logged events of a channel. */
    public long logged(String channel) {
        return status().path("channels").path(channel).path("logged").asLong();
    }

    public HttpResponse<String> send(String name, String method, String path, String body, String... headers)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(name) + path))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        processes.values().forEach(Process::destroyForcibly);
    }
}
