package io.tidemark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.exchange.emission.Pace;
import io.tidemark.exchange.protocol.binance.BinanceVenue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each fault on a real socket: what arrives is what the status says was emitted, withheld and added. */
final class FaultsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final String ALL = "/stream?streams=btcusdt@trade/btcusdt@bookTicker/btcusdt@depth@100ms";

    @TempDir
    Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private @Nullable ExchangeRun run;

    @AfterEach
    void stop() {
        if (run != null) {
            run.close();
        }
        assertEquals(null, failure.get());
    }

    @ParameterizedTest
    @CsvSource({
        "mute@100:200ms, 0, 0",
        "skip@100x5, 5, 0",
        "duplicate@100x3, 0, 3",
        "reorder@100, 1, 1",
        "garbage@100x2, 0, 2",
        "half-frame@100, 1, 0",
        "huge-frame@100:3MB, 0, 1",
        "disconnect@100, 0, 0",
        "close-24h@100, 0, 0",
        "flood@100:200ms, 0, 0",
    })
    void aFaultDoesWhatItsNameSays(String fault, int withheld, int added) throws Exception {
        List<String> whole = whole();
        int port = start(List.of(fault), null);

        List<String> got = new ArrayList<>();
        int connections = 0;
        boolean finished = false;
        while (!finished) {
            TestSocket socket = TestSocket.open(client, port, ALL, null).take(Long.MAX_VALUE);
            connections++;
            Await.until("closed", () -> socket.code() >= 0);
            got.addAll(socket.texts());
            finished = socket.code() == 4001;
        }

        JsonNode status = status(port);
        assertEquals(whole.size(), status.get("emitted").asLong());
        assertEquals(withheld, status.get("withheld").asLong());
        assertEquals(added, status.get("added").asLong());
        assertEquals(whole.size() - withheld + added, got.size());
        assertEquals(fault, status.get("faults").get(0).get("fault").asText());
        assertEquals(100, status.get("faults").get(0).get("frame").asLong());
        assertEquals(whole.subList(0, 99), got.subList(0, 99));
        List<String> expected = new ArrayList<>(whole);
        String name = fault.substring(0, fault.indexOf('@'));
        switch (name) {
            case "skip" -> expected.subList(99, 104).clear();
            case "duplicate" -> expected.addAll(99, List.of(whole.get(99), whole.get(99), whole.get(99)));
            case "reorder" -> expected.add(100, expected.remove(99));
            case "garbage" -> expected.addAll(99, got.subList(99, 101));
            case "half-frame" -> expected.remove(99);
            case "huge-frame" -> {
                assertEquals(3 << 20, got.get(99).length());
                expected.add(99, got.get(99));
            }
            default -> {
                // Nothing is lost and nothing is more.
            }
        }
        assertEquals(expected, got);
        boolean cuts = List.of("half-frame", "disconnect", "close-24h").contains(name);
        assertEquals(cuts ? 2 : 1, connections);
    }

    @Test
    void muteWithoutPatienceWithholdsWhatTheMarketDoesMeanwhile() throws Exception {
        int port = start(settings(List.of("mute@50:300ms"), null, Pace.times(5), false));
        TestSocket socket = TestSocket.open(client, port, ALL, null).take(Long.MAX_VALUE);
        Await.until("closed", () -> socket.code() >= 0);

        JsonNode status = status(port);
        assertTrue(status.get("withheld").asLong() > 0);
        assertEquals(
                status.get("emitted").asLong(),
                socket.count() + status.get("withheld").asLong());
    }

    @Test
    void refusedConnectionsAndAnswersCarryRetryAfter() throws Exception {
        int port = start(List.of("refuse@50x3:418:7s"), null);
        TestSocket first = TestSocket.open(client, port, ALL, null).take(Long.MAX_VALUE);
        Await.until("cut", () -> first.code() >= 0);

        HttpResponse<String> rest = get(port, "/api/v3/ping");
        assertEquals(418, rest.statusCode());
        assertEquals("7", rest.headers().firstValue("Retry-After").orElse(""));
        for (int i = 0; i < 2; i++) {
            try {
                TestSocket.open(client, port, ALL, null);
                throw new AssertionError("it was let in");
            } catch (CompletionException e) {
                assertTrue(String.valueOf(e.getCause()).contains("WebSocketHandshakeException"), e.toString());
            }
        }
        TestSocket again = TestSocket.open(client, port, ALL, null).take(Long.MAX_VALUE);
        Await.until("the end", () -> again.code() == 4001);
        assertEquals(status(port).get("emitted").asLong(), first.count() + again.count());
        assertEquals(3, status(port).get("turned_away").asLong());
    }

    @Test
    void slamClosesEveryConnectionUntilItIsTakenBack() throws Exception {
        int port = start(List.of("slam@50"), null);
        TestSocket first = TestSocket.open(client, port, ALL, null).take(Long.MAX_VALUE);
        Await.until("cut", () -> first.code() >= 0);
        for (int i = 0; i < 5; i++) {
            TestSocket next = TestSocket.open(client, port, ALL, null).take(Long.MAX_VALUE);
            Await.until("closed at once", () -> next.code() >= 0);
            assertNotEquals(4001, next.code());
            assertEquals(0, next.count());
        }
        send(port, "DELETE", "");
        TestSocket last = TestSocket.open(client, port, ALL, null).take(Long.MAX_VALUE);
        Await.until("the end", () -> last.code() == 4001);
        assertEquals(status(port).get("emitted").asLong(), first.count() + last.count());
    }

    @Test
    void faultsAreTakenByTheAdminCallWhileItRuns() throws Exception {
        int port = start(List.of(), null);
        assertEquals(
                200,
                send(port, "POST", "skip@now x".replace(" ", "") + "2\ngarbage@60\n")
                        .statusCode());
        HttpResponse<String> wrong = send(port, "POST", "skip@tomorrow\nfly@1");
        assertEquals(400, wrong.statusCode());
        assertTrue(wrong.body().contains("tomorrow") && wrong.body().contains("fly@1"), wrong.body());

        TestSocket socket = TestSocket.open(client, port, ALL, null).take(Long.MAX_VALUE);
        Await.until("the end", () -> socket.code() == 4001);
        JsonNode status = status(port);
        assertEquals(2, status.get("withheld").asLong());
        assertEquals(1, status.get("added").asLong());
        assertEquals(status.get("emitted").asLong() - 2 + 1, socket.count());
    }

    /** Faults at random, kills of either side at random: the client's log is what the status says. */
    @Test
    void randomFaultsAndKillsAreAccountedForToTheFrame() throws Exception {
        long seed = System.nanoTime();
        System.out.println("FaultsTest random, seed " + seed);
        Random random = new Random(seed);
        int expected = whole().size();
        Path state = folder.resolve("state.json");
        List<String> faults = List.of("random:" + random.nextInt(1_000_000) + ":0.01");
        int port = start(faults, state);
        List<String> log = new ArrayList<>();
        boolean finished = false;
        int kills = 0;
        while (!finished) {
            TestSocket socket;
            try {
                int wanted = kills < 12 ? 1 + random.nextInt(300) : Integer.MAX_VALUE;
                socket = TestSocket.open(client, port, ALL, 500L + log.size()).take(wanted);
                Await.until("as many as wanted", () -> socket.count() >= wanted || socket.code() >= 0);
            } catch (CompletionException refused) {
                continue;
            }
            boolean cut = socket.code() >= 0;
            finished = socket.code() == 4001;
            List<String> got = socket.texts();
            log.addAll(cut ? got : got.subList(0, random.nextInt(got.size() + 1)));
            if (!cut) {
                kills++;
                socket.abort();
                if (random.nextInt(3) == 0) {
                    stop();
                    port = start(faults, state);
                }
            }
        }
        JsonNode status = status(port);
        long withheld = status.get("withheld").asLong();
        long added = status.get("added").asLong();
        assertEquals(expected, status.get("emitted").asLong(), "seed " + seed);
        assertEquals(expected - withheld + added, log.size(), "seed " + seed);
    }

    private List<String> whole() throws Exception {
        int port = start(List.of(), null);
        TestSocket socket = TestSocket.open(client, port, ALL, null).take(Long.MAX_VALUE);
        Await.until("closed", () -> socket.code() == 4001);
        stop();
        run = null;
        return socket.texts();
    }

    private int start(List<String> faults, @Nullable Path state) throws IOException {
        return start(settings(faults, state, Pace.unlimited(), true));
    }

    private static ServeSettings settings(List<String> faults, @Nullable Path state, Pace pace, boolean patient) {
        return new ServeSettings(
                "127.0.0.1", 0, List.of(), List.of("BTCUSDT"), 42, 10, START, pace, patient, state, faults);
    }

    private int start(ServeSettings settings) throws IOException {
        ExchangeRun started = ExchangeRun.start(
                BinanceVenue.spot(),
                settings,
                InstantSource.system(),
                System::nanoTime,
                (file, lines) -> {},
                failure::set);
        run = started;
        return started.port();
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> send(int port, String method, String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/admin/fault"))
                        .timeout(Duration.ofSeconds(30))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode status(int port) throws IOException, InterruptedException {
        return JSON.readTree(get(port, "/admin/status").body());
    }
}
