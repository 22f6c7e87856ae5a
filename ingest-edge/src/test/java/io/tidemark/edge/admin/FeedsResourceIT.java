package io.tidemark.edge.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.edge.feed.Await;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Subscriptions of the packaged service, changed while it records from the simulated exchange. */
class FeedsResourceIT {
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
        processes.forEach(Process::destroyForcibly);
    }

    private void start(String name, List<String> command) throws IOException {
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start());
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private void settings(String symbols, String more) throws IOException {
        Files.writeString(folder.resolve("edge.yaml"), """
                quarkus: {http: {port: %d}}
                edge:
                  name: pi-test
                  data-dir: %s
                  forward: {enabled: false}
                  rate: {obey: false}
                  %s
                  feeds:
                    binance:
                      symbols: [%s]
                      url: ws://127.0.0.1:%d
                      rest-url: http://127.0.0.1:%d
                """.formatted(
                        edgePort, folder.resolve("data"), more, symbols, exchangePort, exchangePort));
    }

    private void startBoth(String more) throws IOException {
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
                        "--symbols",
                        "BTCUSDT,ETHUSDT,SOLUSDT",
                        "--seconds",
                        "0",
                        "--speed",
                        "2"));
        settings("BTCUSDT", more);
        start(
                "edge",
                List.of(
                        java(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dquarkus.config.locations=" + folder.resolve("edge.yaml"),
                        "-jar",
                        Path.of("target", "quarkus-app", "quarkus-run.jar")
                                .toAbsolutePath()
                                .toString()));
        Await.until(this::log, () -> trades() > 0);
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("edge.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private JsonNode status() {
        try {
            return json.readTree(send("GET", "/status", "").body());
        } catch (IOException e) {
            return json.createObjectNode();
        }
    }

    private long trades() {
        return status().path("channels").path("trades").path("logged").asLong();
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edgePort + path))
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

    @Test
    void symbolsAreAddedByACallAndByAReloadWithoutAReconnect() throws Exception {
        startBoth("");
        HttpResponse<String> added = send("PUT", "/admin/feeds/binance", "{\"symbols\":[\"BTCUSDT\",\"ETHUSDT\"]}");
        assertEquals(200, added.statusCode(), added.body());
        assertTrue(added.body().contains("[BTCUSDT, ETHUSDT]"), added.body());
        Await.until(this::log, () -> streamOf("ETH-USDT"));
        settings("BTCUSDT, SOLUSDT", "");
        HttpResponse<String> reloaded = send("POST", "/admin/reload", "");
        assertEquals(200, reloaded.statusCode(), reloaded.body());
        Await.until(this::log, () -> streamOf("SOL-USDT"));
        assertTrue(send("POST", "/admin/reload", "").body().contains("as before"));
        JsonNode feed = status().path("feeds").path("binance");
        assertEquals(0, feed.path("reconnects").asLong(), feed.toString());
        assertEquals(
                2, log().lines().filter(line -> line.contains("instead of")).count(), log());
    }

    /** Whether the book of the symbol was brought in step, which the edge notes in its session events. */
    private boolean streamOf(String symbol) {
        return status().path("feeds")
                        .path("binance")
                        .path("instruments")
                        .path(symbol)
                        .asLong()
                > 0;
    }

    @Test
    void mistakesAndStrangersAreRefused() throws Exception {
        startBoth("admin: {token: secret-of-this-test}");
        String[] token = {"Authorization", "Bearer secret-of-this-test"};
        assertEquals(401, send("POST", "/admin/reload", "").statusCode());
        assertEquals(
                401,
                send("POST", "/admin/reload", "", "Authorization", "Bearer other")
                        .statusCode());
        assertEquals(200, send("POST", "/admin/reload", "", token).statusCode());
        HttpResponse<String> wrong = send("PUT", "/admin/feeds/binance", "{\"symbols\":[\"???\"]}", token);
        assertEquals(400, wrong.statusCode());
        assertTrue(wrong.body().contains("edge.feeds.binance.symbols"), wrong.body());
        assertEquals(
                400,
                send("PUT", "/admin/feeds/binance", "{\"streams\":[\"nonsense\"]}", token)
                        .statusCode());
        assertEquals(404, send("PUT", "/admin/feeds/Other!", "{}", token).statusCode());
        assertEquals(
                0, status().path("feeds").path("binance").path("reconnects").asLong());
    }
}
