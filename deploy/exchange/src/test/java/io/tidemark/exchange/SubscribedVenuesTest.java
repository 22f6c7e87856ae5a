package io.tidemark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.exchange.emission.Pace;
import io.tidemark.exchange.recording.CaptureReader;
import io.tidemark.exchange.recording.CapturedLine;
import io.tidemark.exchange.recording.Recording;
import io.tidemark.exchange.serve.Venue;
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
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The venues that are subscribed to by messages, on loopback, read by a client of its own making. */
final class SubscribedVenuesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    /** A venue with its recording and what a client says that wants all of it. */
    enum Recorded {
        COINBASE(
                "coinbase",
                "coinbase-exchange/COINBASE.ws.28.0.gz",
                "/",
                0,
                Map.of(
                        "l2update",
                        6_145L,
                        "ticker",
                        76L,
                        "match",
                        71L,
                        "snapshot",
                        5L,
                        "last_match",
                        5L,
                        "subscriptions",
                        3L),
                "{\"type\":\"subscribe\",\"product_ids\":[\"SKL-USD\",\"DASH-BTC\",\"CRV-EUR\",\"YFI-BTC\",\"BAND-GBP\"],"
                        + "\"channels\":[\"level2\",\"ticker\",\"matches\"]}"),
        COINBASE_ADVANCED(
                "coinbase-advanced",
                "coinbase-advanced/COINBASE.jsonl.zst",
                "/",
                0,
                Map.of(
                        "l2_data",
                        775L,
                        "ticker",
                        160L,
                        "market_trades",
                        59L,
                        "heartbeats",
                        25L,
                        "candles",
                        6L,
                        "subscriptions",
                        5L),
                advanced("level2"),
                advanced("ticker"),
                advanced("market_trades"),
                advanced("candles"),
                "{\"type\":\"subscribe\",\"channel\":\"heartbeats\"}"),
        KRAKEN_V1(
                "kraken-v1",
                "kraken-v1/KRAKEN.jsonl.zst",
                "/",
                4_269,
                Map.of(
                        "book",
                        4_269L,
                        "book-snapshot",
                        10L,
                        "heartbeat",
                        92L,
                        "subscriptionStatus",
                        30L,
                        "systemStatus",
                        3L,
                        "ticker",
                        18L,
                        "trade",
                        8L),
                krakenV1("{\"name\":\"book\",\"depth\":1000}"),
                krakenV1("{\"name\":\"ticker\"}"),
                krakenV1("{\"name\":\"trade\"}")),
        OKX(
                "okx",
                "okx-v5/OKX.jsonl.zst",
                "/ws/v5/public",
                290,
                Map.of("books", 290L, "tickers", 28L, "trades", 74L, "subscribe", 18L),
                okx());

        final String venue;
        final String file;
        final String path;
        final int checks;
        final Map<String, Long> kinds;
        final List<String> requests;

        Recorded(String venue, String file, String path, int checks, Map<String, Long> kinds, String... requests) {
            this.venue = venue;
            this.file = file;
            this.path = path;
            this.checks = checks;
            this.kinds = kinds;
            this.requests = List.of(requests);
        }

        private static String advanced(String channel) {
            return "{\"type\":\"subscribe\",\"product_ids\":[\"BTC-USD\",\"ETH-USD\"],\"channel\":\"" + channel + "\"}";
        }

        private static String krakenV1(String subscription) {
            return "{\"event\":\"subscribe\",\"pair\":[\"WAVES/EUR\",\"XMR/USD\",\"KSM/XBT\",\"GRT/ETH\",\"SC/EUR\","
                    + "\"ETH/CHF\",\"OCEAN/XBT\",\"OMG/USD\",\"XBT/CHF\",\"ADA/XBT\"],\"subscription\":"
                    + subscription + "}";
        }

        private static String okx() {
            List<String> args = new ArrayList<>();
            for (String channel : List.of("books", "trades", "tickers")) {
                for (String instrument : List.of("BTC-USDT", "BTC-USD-220527", "UNI-USD-SWAP")) {
                    args.add("{\"channel\":\"" + channel + "\",\"instId\":\"" + instrument + "\"}");
                }
            }
            return "{\"op\":\"subscribe\",\"args\":[" + String.join(",", args) + "]}";
        }

        Path capture() {
            return SharedData.file("captures/" + file);
        }

        List<String> frames() throws IOException {
            List<String> frames = new ArrayList<>();
            try (CaptureReader reader = CaptureReader.open(capture())) {
                for (CapturedLine line = reader.next(); line != null; line = reader.next()) {
                    if (line.origin() == CapturedLine.Origin.SOCKET) {
                        frames.add(line.text());
                    }
                }
            }
            return frames;
        }

        LittleClient client() {
            return new LittleClient(venue, 1_000);
        }

        /** The numbers of a connection are not part of what was recorded. */
        String comparable(String text) {
            return this == COINBASE_ADVANCED ? text.replaceFirst("\"sequence_num\":\\d+", "") : text;
        }
    }

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
    @EnumSource
    void aWholeRecordingArrivesByteForByteAndItsBooksAreRight(Recorded recorded) throws Exception {
        List<String> frames = recorded.frames();
        int port = start(recorded, null);

        TestSocket socket = TestSocket.open(client, port, recorded.path, null).take(Long.MAX_VALUE);
        recorded.requests.forEach(socket::send);
        Await.until("closed", () -> socket.code() >= 0);

        assertEquals(4001, socket.code());
        assertEquals(frames, socket.texts());
        JsonNode status = status(port);
        assertEquals(frames.size(), status.get("emitted").asLong());
        assertEquals(0, status.get("skipped").asLong());
        recorded.kinds.forEach((kind, count) ->
                assertEquals(count, status.get("by_stream").path(kind).asLong(), kind));
        LittleClient books = recorded.client();
        frames.forEach(books::take);
        assertEquals(recorded.checks, books.right);
        assertEquals(0, books.wrong + books.withoutBook);
    }

    @ParameterizedTest
    @EnumSource
    void aBookGivenAtAnyPlaceFitsWhatFollows(Recorded recorded) throws Exception {
        long seed = System.nanoTime();
        System.out.println("SubscribedVenuesTest places, seed " + seed + ", " + recorded);
        Random random = new Random(seed);
        List<String> frames = recorded.frames();
        LittleClient whole = recorded.client();
        frames.forEach(whole::take);
        int port = start(recorded, null);
        for (int round = 0; round < 4; round++) {
            int before = 1 + random.nextInt(frames.size() - 1);
            LittleClient late = recorded.client();
            // A base of its own for each round, so that it begins at the beginning again.
            TestSocket first = TestSocket.open(client, port, recorded.path, 10_000L - round)
                    .take(before);
            recorded.requests.forEach(first::send);
            Await.until("as many as wanted", () -> first.count() >= before);
            TestSocket second = TestSocket.open(client, port, recorded.path, 10_000L - round + before)
                    .take(Long.MAX_VALUE);
            recorded.requests.forEach(second::send);
            Await.until("closed", () -> second.code() >= 0);
            second.texts().forEach(late::take);

            assertEquals(0, late.wrong, "seed " + seed);
            assertTrue(late.right >= 0);
            long inserted = status(port).get("inserted").asLong();
            assertEquals(frames.size() - before + inserted, second.count(), "seed " + seed);
            if (recorded != Recorded.KRAKEN_V1 || inserted > 0) {
                assertEquals(whole.books(), late.books(), "seed " + seed);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void killsOfEitherSideLeaveEachFrameOnce(Recorded recorded) throws Exception {
        long seed = System.nanoTime();
        System.out.println("SubscribedVenuesTest kills, seed " + seed + ", " + recorded);
        Random random = new Random(seed);
        List<String> expected = recorded.frames();
        Path state = folder.resolve("state.json");
        int port = start(recorded, state);
        List<String> log = new ArrayList<>();
        boolean finished = false;
        int kills = 0;
        while (!finished) {
            int wanted = kills > 12 ? Integer.MAX_VALUE : 1 + random.nextInt(expected.size() / 4);
            TestSocket socket = TestSocket.open(client, port, recorded.path, 1_000L + log.size())
                    .take(wanted);
            recorded.requests.forEach(socket::send);
            Await.until("as many as wanted", () -> socket.count() >= wanted || socket.code() >= 0);
            List<String> got = socket.texts();
            finished = socket.code() == 4001;
            log.addAll(finished ? got : got.subList(0, random.nextInt(got.size() + 1)));
            kills++;
            if (!finished && random.nextBoolean()) {
                socket.abort();
            } else if (!finished) {
                stop();
                port = start(recorded, state);
            }
        }

        int place = 0;
        int inserted = 0;
        for (String text : log) {
            if (place < expected.size() && recorded.comparable(text).equals(recorded.comparable(expected.get(place)))) {
                place++;
            } else {
                assertTrue(text.contains("snapshot") || text.contains("\"as\""), text);
                inserted++;
            }
        }
        assertEquals(expected.size(), place, "seed " + seed);
        JsonNode status = status(port);
        assertEquals(log.size(), status.get("emitted").asLong(), "seed " + seed);
        assertEquals(inserted, status.get("inserted").asLong(), "seed " + seed);
    }

    @ParameterizedTest
    @EnumSource
    void aResubscribedBookIsGivenAnewInTheMiddle(Recorded recorded) throws Exception {
        List<String> frames = recorded.frames();
        double speed = recorded == Recorded.KRAKEN_V1 ? 30 : 4;
        int port = start(recorded.venue, List.of(recorded.capture()), null, 0, Pace.times(speed));
        TestSocket socket = TestSocket.open(client, port, recorded.path, 0L).take(Long.MAX_VALUE);
        recorded.requests.forEach(socket::send);
        int before = recorded == Recorded.KRAKEN_V1 ? 600 : 60;
        Await.until("some of them", () -> socket.count() >= before);
        // Only these: the venues take few requests a second.
        recorded.requests.stream()
                .filter(request -> request.contains("book") || request.contains("level2"))
                .forEach(socket::send);
        Await.until("asked", () -> status(port).get("inserted").asLong() > 0);
        Await.until("closed", () -> socket.code() >= 0);

        assertEquals(4001, socket.code(), socket.reason());
        LittleClient books = recorded.client();
        socket.texts().forEach(books::take);
        assertEquals(0, books.wrong);
        JsonNode status = status(port);
        assertEquals(socket.count(), status.get("emitted").asLong());
        assertEquals(frames.size() + status.get("inserted").asLong(), socket.count());
    }

    @Test
    void channelsNobodyAskedForAreSkippedAndCounted() throws Exception {
        int port = start(Recorded.KRAKEN_V1, null);
        TestSocket socket = TestSocket.open(client, port, "/", null).take(Long.MAX_VALUE);
        socket.send(Recorded.KRAKEN_V1.requests.get(2));
        socket.send("{\"event\":\"ping\",\"reqid\":42}");
        Await.until("closed", () -> socket.code() >= 0);

        assertTrue(socket.texts().contains("{\"event\":\"pong\",\"reqid\":42}"));
        assertEquals(8 + 92 + 30 + 3 + 1, socket.count());
        assertEquals(4_269 + 10 + 18, status(port).get("skipped").asLong());
        assertEquals(socket.count(), status(port).get("emitted").asLong());
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(strings = {"coinbase", "kraken"})
    void aMarketIsSpokenAndAnsweredAndItsBooksAreRight(String name) throws Exception {
        boolean kraken = name.equals("kraken");
        int port = start(name, List.of(), null, 30);
        String path = kraken ? "/v2" : "/";
        List<String> requests = kraken
                ? List.of(
                        "{\"method\":\"subscribe\",\"params\":{\"channel\":\"book\",\"symbol\":[\"BTC/USD\",\"ETH/USD\"],"
                                + "\"depth\":25},\"req_id\":7}",
                        "{\"method\":\"subscribe\",\"params\":{\"channel\":\"trade\",\"symbol\":[\"BTC/USD\"]}}")
                : List.of("{\"type\":\"subscribe\",\"product_ids\":[\"BTC-USD\",\"ETH-USD\"],\"channels\":"
                        + "[\"level2_batch\",\"matches\",\"ticker\",\"heartbeat\"]}");
        TestSocket first = TestSocket.open(client, port, path, 0L).take(300);
        requests.forEach(first::send);
        Await.until("some", () -> first.count() == 300);
        TestSocket socket = TestSocket.open(client, port, path, 300L).take(Long.MAX_VALUE);
        requests.forEach(socket::send);
        Await.until("closed", () -> socket.code() >= 0);

        LittleClient books = new LittleClient(name, kraken ? 25 : Integer.MAX_VALUE);
        first.texts().forEach(books::take);
        assertEquals(0, books.wrong + books.withoutBook);
        LittleClient late = new LittleClient(name, kraken ? 25 : Integer.MAX_VALUE);
        socket.texts().forEach(late::take);
        socket.texts().forEach(books::take);
        assertEquals(0, books.wrong + late.wrong + late.withoutBook);
        assertTrue(!kraken || late.right > 300, late.right + " checksums");
        assertEquals(books.books(), late.books());
        assertEquals(300 + socket.count(), status(port).get("emitted").asLong());
        assertTrue(first.texts().get(0).contains(kraken ? "\"success\":true" : "\"subscriptions\""));
    }

    private int start(Recorded recorded, @Nullable Path state) throws IOException {
        return start(recorded.venue, List.of(recorded.capture()), state, 0);
    }

    private int start(String name, List<Path> captures, @Nullable Path state, long seconds) throws IOException {
        return start(name, captures, state, seconds, Pace.unlimited());
    }

    private int start(String name, List<Path> captures, @Nullable Path state, long seconds, Pace pace)
            throws IOException {
        Venue<?> venue = Venues.named(name);
        if (venue == null) {
            throw new AssertionError(name);
        }
        ServeSettings settings = new ServeSettings(
                "127.0.0.1",
                0,
                captures.stream().map(Recording::of).toList(),
                venue.marketSymbols(),
                42,
                seconds,
                START,
                pace,
                true,
                state,
                List.of());
        ExchangeRun started = ExchangeRun.start(
                venue, settings, InstantSource.system(), System::nanoTime, (file, lines) -> {}, failure::set);
        run = started;
        return started.port();
    }

    private JsonNode status(int port) {
        try {
            return JSON.readTree(client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/admin/status"))
                                    .timeout(Duration.ofSeconds(30))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
