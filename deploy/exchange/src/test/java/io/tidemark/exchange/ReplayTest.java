package io.tidemark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.write.EventFileWriter;
import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Frame;
import io.tidemark.exchange.emission.Pace;
import io.tidemark.exchange.protocol.binance.BinanceVenue;
import io.tidemark.exchange.replay.SegmentRecording;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an edge recorded is served again as the venue's own WebSocket. */
final class ReplayTest {
    private static final long START = 1_770_000_000_000_000_000L;
    private static final String SNAPSHOT =
            "{\"lastUpdateId\":2,\"bids\":[[\"9.00\",\"1\"]],\"asks\":[[\"11.00\",\"1\"]]}";

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
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
    void segmentsOfTwoHoursAndTheirRestAnswerAreServedInTheOrderOfReceipt() throws Exception {
        List<String> frames = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
            frames.add(i == 20 ? "{what nobody can read" : depth(i));
        }
        write(folder, "ws", "_", 5, frames.subList(0, 25), 0);
        write(folder, "ws", "_", 6, frames.subList(25, 40), 25);
        write(folder, "rest", "BTC-USDT", 5, List.of(SNAPSHOT), 3);
        int port = serve(SegmentRecording.in(folder, "binance", null, null, null));

        HttpResponse<String> book = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v3/depth?symbol=BTCUSDT"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(SNAPSHOT, book.body());
        TestSocket socket = TestSocket.open(client, port, "/stream?streams=btcusdt@depth@100ms", null)
                .take(Long.MAX_VALUE);
        Await.until("the end", () -> socket.code() == 4001);

        List<String> readable = new ArrayList<>(frames);
        readable.remove(19);
        assertEquals(readable, socket.texts());
    }

    @Test
    void aPartOfTheTimeIsServedAlone() throws Exception {
        write(folder.resolve("raw/edge=pi"), "ws", "_", 5, List.of(depth(1), depth(2), depth(3), depth(4)), 0);
        Instant from = Instant.ofEpochSecond(START / 1_000_000_000, 1_000_000);
        int port = serve(SegmentRecording.in(folder, "binance", null, from, from.plusMillis(2)));

        TestSocket socket = TestSocket.open(client, port, "/stream?streams=btcusdt@depth@100ms", null)
                .take(Long.MAX_VALUE);
        Await.until("the end", () -> socket.code() == 4001);
        assertEquals(List.of(depth(2), depth(3)), socket.texts());
    }

    @Test
    void whatIsNotThereOrNotClearIsOneSentence() throws Exception {
        assertTrue(sentence(folder, null).startsWith("there are no frames of binance below"));
        write(folder.resolve("raw/edge=pi"), "ws", "_", 5, List.of(depth(1)), 0);
        write(folder.resolve("raw/edge=pa"), "ws", "_", 5, List.of(depth(1)), 0);
        assertTrue(sentence(folder, null).startsWith("several edges recorded binance; name one with --edge"));
        assertTrue(sentence(folder, "po").contains("of the edge po"));
        assertEquals(
                folder, SegmentRecording.in(folder, "binance", "pi", null, null).file());
    }

    private static String sentence(Path folder, @Nullable String edge) {
        IOException refused =
                assertThrows(IOException.class, () -> SegmentRecording.in(folder, "binance", edge, null, null));
        return String.valueOf(refused.getMessage());
    }

    private int serve(SegmentRecording recording) throws IOException {
        ExchangeRun started = ExchangeRun.start(
                BinanceVenue.spot(),
                new ServeSettings(
                        "127.0.0.1",
                        0,
                        List.of(recording),
                        List.of("BTCUSDT"),
                        1,
                        1,
                        null,
                        Pace.unlimited(),
                        true,
                        null,
                        List.of()),
                InstantSource.system(),
                System::nanoTime,
                (file, lines) -> {},
                failure::set);
        run = started;
        return started.port();
    }

    /** One frame a millisecond. */
    private static void write(Path root, String connector, String symbol, int hour, List<String> texts, int first)
            throws IOException {
        Path hourFolder = root.resolve(
                connector + "/frames/exchange=binance/symbol=" + symbol + "/year=2026/month=02/day=02/hour=0" + hour);
        Files.createDirectories(hourFolder);
        Path file = hourFolder.resolve("0" + hour + "_0000000001.parquet");
        try (EventFileWriter writer = EventFileWriter.open(file, EventSchema.raw("frames"), WriteOptions.EDGE)) {
            for (int i = 0; i < texts.size(); i++) {
                writer.write(Envelope.newBuilder()
                        .setSchemaVersion(1)
                        .setTenant("default")
                        .setEdge("pi")
                        .setIncarnation(1)
                        .setSource("binance")
                        .setChannel("frames")
                        .setSymbol(symbol)
                        .setConnector(connector)
                        .setSequence(first + i)
                        .setReceiveTime(START + 1_000_000L * (first + i) + (connector.equals("rest") ? 500_000 : 0))
                        .setFrame(Frame.newBuilder()
                                .setPayload(ByteString.copyFromUtf8(texts.get(i)))
                                .setRequest(connector.equals("rest") ? "/api/v3/depth?symbol=BTCUSDT&limit=1000" : ""))
                        .build());
            }
            writer.finish();
        }
    }

    private static String depth(int id) {
        return "{\"stream\":\"btcusdt@depth@100ms\",\"data\":{\"e\":\"depthUpdate\",\"E\":1,\"s\":\"BTCUSDT\",\"U\":"
                + id + ",\"u\":" + id + ",\"b\":[[\"9.00\",\"" + id + "\"]],\"a\":[]}}";
    }
}
