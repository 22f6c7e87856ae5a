package io.tidemark.exchange.protocol.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.exchange.SharedData;
import io.tidemark.exchange.emission.Frame;
import io.tidemark.exchange.recording.BrokenLineException;
import io.tidemark.exchange.recording.Recording;
import io.tidemark.exchange.recording.Recordings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordedReelTest {
    private static final String T = "1723161253937085768 ";
    private static final String SNAPSHOT =
            "{\"lastUpdateId\":12,\"bids\":[[\"9.50\",\"1.0\"],[\"9.00\",\"2.0\"]],\"asks\":[[\"10.00\",\"3.0\"]]}";

    @TempDir
    Path folder;

    @Test
    void bothDaysOfBinanceSpotAreOneStreamOf99573FramesAndOneAnswer() throws IOException {
        RecordingSummary summary = scan(
                SharedData.file("captures/binance-spot/btcusdt_20240808.gz"),
                SharedData.file("captures/binance-spot/btcusdt_20240809.gz"));

        assertEquals(99_574, summary.lines());
        assertEquals(99_573, summary.frames());
        assertEquals(
                Map.of("btcusdt@bookTicker", 73_174L, "btcusdt@depth@100ms", 6_495L, "btcusdt@trade", 19_904L),
                summary.byStream());
        assertEquals(Map.of("BTCUSDT", 1L), summary.depthAnswers());
        assertEquals(Map.of(), summary.depthHoles());
        assertEquals(1_723_161_253_937_085_768L, summary.firstNanos());
    }

    @Test
    void theTenSymbolsOfBinanceUsHaveTheirOwnAnswers() throws IOException {
        RecordingSummary summary = scan(SharedData.file("captures/binance-us/BINANCE_US-63b290.0.gz"));

        assertEquals(6_008, summary.frames());
        assertEquals(10, summary.symbols().size());
        assertEquals(10, summary.depthAnswers().size());
        assertEquals(10, summary.snapshots().size());
        assertEquals(Map.of(), summary.depthHoles());
    }

    @Test
    void anyBookServedFromRealRecordingsFitsTheFramesThatFollow() throws IOException {
        for (List<Path> files : List.of(
                List.of(SharedData.file("captures/binance-us/BINANCE_US-63b290.0.gz")),
                List.of(SharedData.file("captures/binance-spot/btcusdt_20240808.gz")))) {
            RecordingSummary summary = scan(files.toArray(Path[]::new));
            for (String symbol : summary.symbols()) {
                for (int place : List.of(0, 3, 50, 500, 2_500, 5_000)) {
                    fits(summary, symbol, place);
                }
            }
        }
    }

    /** A client joins at that place, asks for the book there and follows the frames to the end. */
    private static void fits(RecordingSummary summary, String symbol, int place) throws IOException {
        try (RecordedReel reel = new RecordedReel(summary, Flavor.SPOT)) {
            for (int i = 0; i < place; i++) {
                pass(reel);
            }
            reel.joined();
            ClientBook book = new ClientBook(json(reel, symbol));
            String stream = symbol.toLowerCase(Locale.ROOT) + "@depth@100ms";
            for (Frame frame = pass(reel); frame != null; frame = pass(reel)) {
                if (frame.stream().equals(stream)) {
                    book.apply(frame.text());
                }
            }
            ClientBook last = new ClientBook(json(reel, symbol));
            assertEquals(last.lastId(), book.lastId());
            // What lies beyond the snapshot's levels is unknown to both, so both know the same.
            assertEquals(last.bids(), book.bids(), symbol + " from " + place);
            assertEquals(last.asks(), book.asks(), symbol + " from " + place);
        }
    }

    @Test
    void theRecordedAnswerIsServedByteForByteUntilItsPlaceLiesBehind() throws IOException {
        Path file = Recordings.plain(
                folder.resolve("r"), T + depth(8, 10), T + depth(11, 13), T + ticker(), T + SNAPSHOT, T + ticker());
        try (RecordedReel reel = reel(file)) {
            reel.joined();
            for (int i = 0; i < 3; i++) {
                assertEquals(SNAPSHOT, json(reel, "BTCUSDT"));
                pass(reel);
            }
            pass(reel);
            assertEquals(
                    "{\"lastUpdateId\":13,\"bids\":[[\"9.50\",\"1.0\"]],\"asks\":[[\"10.00\",\"3.0\"],[\"11.00\",\"13\"]]}",
                    json(reel, "BTCUSDT"));
        }
    }

    @Test
    void aClientThatJoinsBehindTheSpanningChangeGetsABookThatFitsIt() throws IOException {
        Path file = Recordings.plain(
                folder.resolve("r"),
                T + depth(8, 10),
                T + depth(11, 13),
                T + ticker(),
                T + SNAPSHOT,
                T + depth(14, 14));
        try (RecordedReel reel = reel(file)) {
            pass(reel);
            reel.joined();
            assertEquals(SNAPSHOT, json(reel, "BTCUSDT"));
            pass(reel);
            reel.joined();
            assertTrue(json(reel, "BTCUSDT").startsWith("{\"lastUpdateId\":13,"));
        }
    }

    @Test
    void aLaterSnapshotBridgesAHoleAndWithoutOneTheBookIsMarked() throws IOException {
        String later = "{\"lastUpdateId\":25,\"bids\":[[\"8.00\",\"1\"]],\"asks\":[[\"20.00\",\"1\"]]}";
        Path file = Recordings.plain(
                folder.resolve("r"),
                T + SNAPSHOT,
                T + depth(13, 14),
                T + depth(21, 23),
                T + depth(24, 26),
                T + later,
                T + depth(27, 27),
                T + depth(40, 41));
        assertEquals(Map.of("BTCUSDT", 2L), scan(file).depthHoles());
        try (RecordedReel reel = reel(file)) {
            pass(reel);
            assertTrue(json(reel, "BTCUSDT").startsWith("{\"lastUpdateId\":14,"));
            pass(reel);
            assertEquals(later, json(reel, "BTCUSDT"));
            pass(reel);
            pass(reel);
            assertTrue(json(reel, "BTCUSDT").startsWith("{\"lastUpdateId\":27,\"bids\":[[\"8.00\""));
            assertFalse(book(reel).afterHole());
            pass(reel);
            assertTrue(book(reel).afterHole());
        }
    }

    @Test
    void symbolsWithoutAnAnswerAndUnknownSymbolsAreToldApart() throws IOException {
        try (RecordedReel reel = reel(Recordings.plain(folder.resolve("r"), T + depth(1, 2), T + ticker()))) {
            pass(reel);
            assertInstanceOf(DepthAnswer.NoSnapshot.class, reel.depth("BTCUSDT", 100));
            assertInstanceOf(DepthAnswer.UnknownSymbol.class, reel.depth("ETHUSDT", 100));
        }
    }

    @Test
    void anAnswerWithoutANameBelongsToTheSymbolWhoseUpdatesItFits() throws IOException {
        Path file = Recordings.plain(
                folder.resolve("r"),
                T + depth(8, 10),
                T + depth(70_000_000, 70_000_001).replace("BTC", "ETH").replace("btc", "eth"),
                T + SNAPSHOT);

        assertEquals(Map.of("BTCUSDT", 1L), scan(file).depthAnswers());
    }

    @Test
    void acknowledgementsAndOtherAnswersAreCountedAndNotEmitted() throws IOException {
        Path file = Recordings.plain(
                folder.resolve("r"),
                "https://x.test/api/v3/exchangeInfo -> 1617643092.3: {\"symbols\":[]}",
                "1617643092.4: {\"result\":null,\"id\":1}",
                "1617643092.5: " + ticker());
        RecordingSummary summary = scan(file);
        assertEquals(1, summary.otherAnswers());
        assertEquals(1, summary.acknowledgements());
        try (RecordedReel reel = reel(file)) {
            Frame only = pass(reel);
            assertEquals(ticker(), only == null ? null : only.text());
            assertNull(pass(reel));
        }
    }

    @Test
    void brokenFramesAreNamedByFileAndLine() throws IOException {
        assertBroken("broken JSON", ticker().substring(0, 60));
        assertBroken("neither a combined-stream frame", "{\"hello\":1}");
        assertBroken("the whole number \"u\" is missing", ticker().replace("\"u\":1", "\"v\":1"));
        assertBroken("\"b\" holds \"abc\", which is not a number", ticker().replace("9.50", "abc"));
        assertBroken("\"b\" is not a list", depth(1, 2).replace("[[\"9.00\",\"0\"]]", "[[9.0,\"0\"]]"));
        assertBroken("speaks of symbol \"ETHUSDT\"", ticker().replace("BTCUSDT", "ETHUSDT"));
        assertBroken("something follows", ticker() + "{}");
        assertBroken("USD-M futures", depth(1, 2).replace("\"U\"", "\"pu\":1,\"U\""));
        assertBroken("not lists of [price, quantity]", SNAPSHOT.replace("\"9.50\"", "9.50"));
    }

    private void assertBroken(String reason, String text) throws IOException {
        Path file = Recordings.plain(folder.resolve("broken"), T + ticker(), T + text);

        BrokenLineException failure = assertThrows(BrokenLineException.class, () -> scan(file));

        String message = String.valueOf(failure.getMessage());
        assertTrue(message.startsWith(file + ":2: ") && message.contains(reason), message);
    }

    private static @Nullable Frame pass(RecordedReel reel) throws IOException {
        Frame frame = reel.next();
        if (frame != null) {
            reel.passed(frame);
        }
        return frame;
    }

    private static DepthAnswer.Book book(RecordedReel reel) {
        return assertInstanceOf(DepthAnswer.Book.class, reel.depth("BTCUSDT", 100));
    }

    private static String json(RecordedReel reel, String symbol) {
        return assertInstanceOf(DepthAnswer.Book.class, reel.depth(symbol, 5_000))
                .json();
    }

    private static RecordedReel reel(Path file) throws IOException {
        return new RecordedReel(scan(file), Flavor.SPOT);
    }

    private static RecordingSummary scan(Path... files) throws IOException {
        return RecordingScan.of(Stream.of(files).map(Recording::of).toList(), Flavor.SPOT, (file, lines) -> {});
    }

    private static String depth(long first, long last) {
        return "{\"stream\":\"btcusdt@depth@100ms\",\"data\":{\"e\":\"depthUpdate\",\"E\":1,\"s\":\"BTCUSDT\",\"U\":"
                + first + ",\"u\":" + last + ",\"b\":[[\"9.00\",\"0\"]],\"a\":[[\"11.00\",\"" + last + "\"]]}}";
    }

    private static String ticker() {
        return "{\"stream\":\"btcusdt@bookTicker\",\"data\":{\"u\":1,\"s\":\"BTCUSDT\",\"b\":\"9.50\",\"B\":\"1\","
                + "\"a\":\"10.00\",\"A\":\"2\"}}";
    }
}
