package io.tidemark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.exchange.emission.Pace;
import io.tidemark.exchange.protocol.binance.BinanceVenue;
import io.tidemark.exchange.recording.Recording;
import io.tidemark.exchange.recording.Recordings;
import java.io.IOException;
import java.net.ServerSocket;
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
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole exchange on loopback, read by the JDK's clients. */
final class ExchangeRunTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final String ALL = "/stream?streams=btcusdt@trade/btcusdt@bookTicker/btcusdt@depth@100ms";
    private static final String T = "1723161253937085768 ";

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

    @Test
    void aRecordingArrivesByteForByteAndEndsWith4001() throws Exception {
        List<String> frames = List.of(ticker(1), ticker(2), ticker(3));
        int port = start(capture(frames), null);

        TestSocket socket = TestSocket.open(client, port, ALL, null).take(1_000);
        Await.until("closed", () -> socket.code() >= 0);

        assertEquals(frames, socket.texts());
        assertEquals(4001, socket.code());
        assertEquals("end of recording", socket.reason());
        JsonNode status = status(port);
        assertEquals(3, status.get("emitted").asLong());
        assertEquals(3, status.get("by_stream").get("bookTicker").asLong());
        assertEquals("[\"btcusdt@bookTicker\"]", status.get("streams").toString());
        assertTrue(status.get("finished").asBoolean());

        TestSocket again = TestSocket.open(client, port, ALL, null).take(10);
        Await.until("closed again", () -> again.code() == 4001);
        assertEquals(List.of(), again.texts());
    }

    @Test
    void bothRecordedDaysArriveWhole() throws Exception {
        int port = start(
                settings(
                        List.of(
                                SharedData.file("captures/binance-spot/btcusdt_20240808.gz"),
                                SharedData.file("captures/binance-spot/btcusdt_20240809.gz")),
                        null),
                null);

        String early = get(port, "/api/v3/depth?symbol=BTCUSDT&limit=1000").body();
        assertTrue(early.startsWith("{\"lastUpdateId\":50093239218,"), early.substring(0, 60));
        TestSocket socket = TestSocket.open(client, port, ALL, null).take(Long.MAX_VALUE);
        Await.until("closed", () -> socket.code() >= 0);

        assertEquals(4001, socket.code());
        assertEquals(99_573, socket.count());
        JsonNode status = status(port);
        assertEquals(99_573, status.get("emitted").asLong());
        assertEquals(6_495, status.get("by_stream").get("depth").asLong());
        assertEquals(1, status.get("rest_snapshots_served").asLong());
        String late = get(port, "/api/v3/depth?symbol=btcusdt&limit=5").body();
        assertEquals(5, JSON.readTree(late).get("bids").size());
    }

    @Test
    void rawStreamsCarryThePayloadAlone() throws Exception {
        int port = start(capture(List.of(ticker(1))), null);

        TestSocket socket =
                TestSocket.open(client, port, "/ws/BTCUSDT@bookTicker", null).take(10);
        Await.until("closed", () -> socket.code() >= 0);

        assertEquals(
                List.of("{\"u\":1,\"s\":\"BTCUSDT\",\"b\":\"9.50\",\"B\":\"1\",\"a\":\"10.00\",\"A\":\"2\"}"),
                socket.texts());
    }

    @Test
    void requestsSubscribeListAndUnsubscribeWithAcknowledgements() throws Exception {
        int port = start(capture(List.of(ticker(1), ticker(2))), null);

        TestSocket socket = TestSocket.open(client, port, "/stream", null).take(100);
        socket.send("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":1}");
        Await.until("listed", () -> socket.count() == 1);
        socket.send("nonsense");
        socket.send("{\"method\":\"FLY\",\"id\":2}");
        Await.until("refused", () -> socket.count() == 3);
        socket.send("{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@bookTicker\"],\"id\":\"x\"}");
        Await.until("closed", () -> socket.code() >= 0);

        List<String> texts = socket.texts();
        assertEquals("{\"result\":[],\"id\":1}", texts.get(0));
        assertTrue(texts.get(1).startsWith("{\"code\":3,"), texts.get(1));
        assertTrue(texts.get(2).startsWith("{\"code\":2,"), texts.get(2));
        assertEquals("{\"result\":null,\"id\":\"x\"}", texts.get(3));
        assertEquals(List.of(ticker(1), ticker(2)), texts.subList(4, 6));
        assertEquals(6, status(port).get("emitted").asLong());
        assertEquals(4, status(port).get("inserted").asLong());
    }

    @Test
    void tooManyRequestsASecondEndTheConnection() throws Exception {
        int port = start(capture(List.of(ticker(1))), null);
        TestSocket socket = TestSocket.open(client, port, "/ws", null).take(100);
        for (int i = 0; i < 12; i++) {
            try {
                socket.send("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":1}");
            } catch (RuntimeException closed) {
                break;
            }
        }
        Await.until("closed", () -> socket.code() == 1008);
    }

    @Test
    void restErrorsLookLikeTheVenues() throws Exception {
        int port = start(capture(List.of(ticker(1))), null);

        assertEquals("400 -1121", error(port, "/api/v3/depth?symbol=NOPE"));
        assertEquals("400 -1102", error(port, "/api/v3/depth"));
        assertEquals("400 -1100", error(port, "/api/v3/depth?symbol=BTCUSDT&limit=x"));
        assertEquals("404 -1000", error(port, "/api/v1/depth?symbol=BTCUSDT"));
        assertEquals("{}", get(port, "/api/v3/ping").body());
        assertTrue(get(port, "/api/v3/time").body().startsWith("{\"serverTime\":"));
        assertEquals(404, get(port, "/nothing").statusCode());
        assertEquals(426, get(port, "/stream").statusCode());
    }

    @Test
    void aMarketCanBeFollowedFromASnapshot() throws Exception {
        int port = start(market(3_000, null), null);
        TestSocket socket = TestSocket.open(client, port, "/stream?streams=btcusdt@depth@100ms", null)
                .take(40);
        Await.until("forty", () -> socket.count() == 40);
        JsonNode book = JSON.readTree(
                get(port, "/api/v3/depth?symbol=BTCUSDT&limit=5000").body());
        socket.take(Long.MAX_VALUE);
        Await.until("closed", () -> socket.code() == 4001);

        long last = book.get("lastUpdateId").asLong();
        boolean spanned = false;
        for (String text : socket.texts()) {
            JsonNode data = JSON.readTree(text).get("data");
            spanned |= data.get("U").asLong() <= last + 1
                    && last + 1 <= data.get("u").asLong();
        }
        assertTrue(spanned);
        assertTrue(status(port).get("skipped").asLong() > 0);
    }

    @Test
    void aSlowReaderHoldsTheEmissionBackAndLosesNothing() throws Exception {
        int port = start(market(2_000, null), null);
        TestSocket socket = TestSocket.open(client, port, ALL, null).take(10);
        Await.until("ten", () -> socket.count() == 10);
        // What is handed out stays within the window and the buffers of the operating system.
        AtomicReference<Long> last = new AtomicReference<>(-1L);
        Await.until("it stands still", () -> {
            long emitted = emitted(port);
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(200).toNanos());
            return last.getAndSet(emitted) == emitted;
        });
        long held = emitted(port);
        long all = 2_000L * 40;
        assertTrue(held < all, held + " frames were handed out to a reader that took ten");

        socket.take(Long.MAX_VALUE);
        Await.until("closed", () -> socket.code() == 4001);
        assertEquals(emitted(port), socket.count());
        assertTrue(socket.count() > held);
    }

    @Test
    void killsOfTheClientAndRestartsOfTheServerLeaveEachFrameOnce() throws Exception {
        long seed = System.nanoTime();
        System.out.println("ExchangeRunTest kills, seed " + seed);
        Random random = new Random(seed);
        Path state = folder.resolve("state.json");
        int port = start(market(60, state), null);
        List<String> expected = new ArrayList<>();
        TestSocket whole = TestSocket.open(client, port, ALL, null).take(Long.MAX_VALUE);
        Await.until("all", () -> whole.code() == 4001);
        expected.addAll(whole.texts());

        List<String> log = new ArrayList<>();
        boolean finished = false;
        while (!finished) {
            int wanted = random.nextInt(expected.size() / 3);
            TestSocket socket =
                    TestSocket.open(client, port, ALL, 1_000L + log.size()).take(wanted);
            Await.until("as many as wanted", () -> socket.count() >= wanted || socket.code() >= 0);
            List<String> got = socket.texts();
            finished = socket.code() == 4001;
            log.addAll(finished ? got : got.subList(0, random.nextInt(got.size() + 1)));
            if (!finished && random.nextBoolean()) {
                socket.abort();
            } else if (!finished) {
                stop();
                port = start(market(60, state), null);
            }
            assertEquals(expected.subList(0, log.size()), log, "seed " + seed);
        }
        assertEquals(expected, log, "seed " + seed);
        assertEquals(expected.size(), status(port).get("emitted").asLong());
    }

    @Test
    void aBusyPortIsOneSentence() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            IOException refused =
                    assertThrows(IOException.class, () -> start(capture(List.of(ticker(1))), busy.getLocalPort()));
            assertTrue(
                    String.valueOf(refused.getMessage())
                            .startsWith("cannot listen on 127.0.0.1:" + busy.getLocalPort() + ": "),
                    refused::getMessage);
        }
    }

    @Test
    void aStateFileOfAnotherRunIsRefused() throws Exception {
        Path state = folder.resolve("state.json");
        start(market(5, state), null);
        stop();
        run = null;

        IOException refused = assertThrows(IOException.class, () -> start(market(6, state), null));

        assertTrue(String.valueOf(refused.getMessage()).contains("belongs to another run"), refused::getMessage);
    }

    private int start(ServeSettings settings, @Nullable Integer port) throws IOException {
        ServeSettings placed = new ServeSettings(
                settings.host(),
                port == null ? 0 : port,
                settings.recordings(),
                settings.symbols(),
                settings.seed(),
                settings.seconds(),
                settings.start(),
                settings.pace(),
                settings.patient(),
                settings.state(),
                settings.faults());
        ExchangeRun started = ExchangeRun.start(
                BinanceVenue.spot(),
                placed,
                InstantSource.system(),
                System::nanoTime,
                (file, lines) -> {},
                failure::set);
        run = started;
        return started.port();
    }

    private ServeSettings capture(List<String> frames) throws IOException {
        Path file = Recordings.gzip(
                folder.resolve("capture.gz"), frames.stream().map(f -> T + f).toArray(String[]::new));
        return settings(List.of(file), null);
    }

    private static ServeSettings settings(List<Path> captures, @Nullable Path state) {
        return new ServeSettings(
                "127.0.0.1",
                0,
                captures.stream().map(Recording::of).toList(),
                List.of("BTCUSDT"),
                1,
                1,
                START,
                Pace.unlimited(),
                true,
                state,
                List.of());
    }

    private static ServeSettings market(long seconds, @Nullable Path state) {
        return new ServeSettings(
                "127.0.0.1",
                0,
                List.of(),
                List.of("BTCUSDT", "ETHUSDT"),
                42,
                seconds,
                START,
                Pace.unlimited(),
                true,
                state,
                List.of());
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String error(int port, String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(port, path);
        return response.statusCode() + " " + JSON.readTree(response.body()).get("code");
    }

    private JsonNode status(int port) throws IOException, InterruptedException {
        return JSON.readTree(get(port, "/admin/status").body());
    }

    private long emitted(int port) {
        try {
            return status(port).get("emitted").asLong();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String ticker(int update) {
        return "{\"stream\":\"btcusdt@bookTicker\",\"data\":{\"u\":" + update
                + ",\"s\":\"BTCUSDT\",\"b\":\"9.50\",\"B\":\"1\",\"a\":\"10.00\",\"A\":\"2\"}}";
    }
}
