package io.tidemark.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.json.JsonFields;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service, as it is installed. */
class SyncServiceIT {
    private static final Path JAR =
            Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();

    @TempDir
    Path dir;

    private final HttpClient http = HttpClient.newHttpClient();
    private ReadyTree tree;
    private Path lake;
    private int port;
    private Process service;

    @BeforeEach
    void start() throws IOException {
        tree = new ReadyTree(dir.resolve("ready"), 11);
        tree.fill(1, 10, 10_000);
        lake = dir.resolve("lake");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Files.writeString(dir.resolve("sync.yaml"), """
                sync:
                  source: %s
                  target: %s
                  edge: %s
                  interval: 1s
                quarkus:
                  http:
                    port: %d
                """.formatted(tree.folder(), lake, ReadyTree.EDGE, port));
        service = AgentProcess.start(dir, command());
        await("ready", () -> status("/q/health/ready") == 200);
    }

    @AfterEach
    void stop() throws InterruptedException {
        service.destroyForcibly().waitFor();
    }

    @Test
    void bringsWhatIsThereAndWhatComesAndShowsIt() throws Exception {
        await("all synced", () -> counts().number("synced") == 11);
        tree.segment("trades", ReadyTree.FIRST_HOUR.plusSeconds(3600), 500);
        await("the new one synced", () -> counts().number("synced") == 12);
        assertEquals(ReadyTree.contents(tree.folder()), ReadyTree.contents(ReadyTree.inLake(lake, "")));
        JsonFields counts = counts();
        assertEquals(12, counts.number("files"));
        assertEquals(0, counts.number("pending"));
        assertEquals(List.of(), counts.texts("failed"));
        assertTrue(counts.object("last_run").flag("ok"));
        String metrics = get("/q/metrics").body();
        assertTrue(metrics.contains("sync_files_total{outcome=\"transferred\"} 12.0"), metrics);
        assertTrue(metrics.contains("sync_pending_files 0.0"), metrics);
        assertTrue(metrics.contains("sync_pass_seconds_count"), metrics);
        assertTrue(metrics.contains("sync_bytes_total " + (double) counts.number("bytes")), metrics);
        for (String check : List.of("live", "ready", "started")) {
            assertEquals(200, status("/q/health/" + check));
        }

        // A foreground pass beside the service waits for its turn and finds nothing to do.
        Path logs = Files.createDirectories(dir.resolve("once"));
        AgentProcess.Ended once = AgentProcess.run(logs, AgentProcess.command(AgentProcess.once(tree.folder(), lake)));
        assertEquals(0, once.code(), once.err());

        service.destroy();
        assertTrue(service.waitFor(20, TimeUnit.SECONDS), "SIGTERM ends it");
        assertTrue(Files.readString(dir.resolve("out")).contains("stopped in"));
    }

    @Test
    void isWellAgainAfterItsFoldersWereAwayAndAfterKillMinusNine() throws Exception {
        await("all synced", () -> counts().number("synced") == 11);
        Path away = Files.move(tree.folder(), dir.resolve("away"));
        await("the missing folder shown", () -> counts().has("problem"));
        assertEquals(200, status("/q/health/live"));
        Files.move(away, tree.folder());
        await("well again", () -> !counts().has("problem"));
        service.destroyForcibly().waitFor();
        service = AgentProcess.start(dir, command());
        await("all known after the restart", () -> counts().number("synced") == 11);
        assertEquals(0, counts().object("last_run").number("transferred"));
    }

    @Test
    void aBusyPortIsOneSentence() throws Exception {
        Path logs = Files.createDirectories(dir.resolve("second"));
        AgentProcess.Ended second = AgentProcess.run(logs, command());
        assertEquals(1, second.code());
        assertEquals(1, second.err().lines().count(), second.err());
        assertTrue(second.err().contains("port is already in use"), second.err());
        assertTrue(second.err().contains(String.valueOf(port)), second.err());
        assertNotEquals(-1, status("/q/health/live"), "the first one is not disturbed");
    }

    private List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx48m",
                "-Dquarkus.config.locations=" + dir.resolve("sync.yaml"),
                "-jar",
                JAR.toString());
    }

    private JsonFields counts() {
        return JsonFields.parse(get("/status").body().getBytes(StandardCharsets.UTF_8));
    }

    private int status(String path) {
        HttpResponse<String> response = get(path);
        return response.statusCode();
    }

    private HttpResponse<String> get(String path) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(Duration.ofSeconds(5))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Condition {
        boolean holds();
    }

    /** Fails when the condition does not hold within a minute; an answer that does not come is one more reason to wait. */
    private void await(String what, Condition condition) throws IOException {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        RuntimeException last = null;
        while (System.nanoTime() < end && service.isAlive()) {
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (IllegalStateException | IllegalArgumentException e) {
                last = e;
            }
            LockSupport.parkNanos(50_000_000);
        }
        throw new AssertionError(
                what + ": waited in vain\n" + Files.readString(dir.resolve("out"))
                        + Files.readString(dir.resolve("err")),
                last);
    }
}
