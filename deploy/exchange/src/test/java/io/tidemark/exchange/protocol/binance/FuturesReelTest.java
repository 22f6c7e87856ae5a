package io.tidemark.exchange.protocol.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.exchange.SharedData;
import io.tidemark.exchange.emission.Frame;
import io.tidemark.exchange.recording.Recording;
import io.tidemark.exchange.serve.Venue;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The recording of USD-M futures, followed by its {@code pu}. */
final class FuturesReelTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Venue.CheckedRecording<BinanceReel> recording() throws IOException {
        Path file = SharedData.file("captures/binance-usdm/btcusdt_20240808.gz");
        return BinanceVenue.usdM().check(List.of(Recording.of(file)), (path, lines) -> {});
    }

    @Test
    void theRecordingHoldsWhatItIsSaidToHoldAndNoHole() throws IOException {
        JsonNode json = recording().json();
        // 93,954 lines are told of, the answer among them.
        assertEquals(93_953, json.get("frames").asLong());
        assertEquals(66_089, json.get("by_stream").get("bookTicker").asLong());
        assertEquals(21_313, json.get("by_stream").get("trade").asLong());
        assertEquals(6_551, json.get("by_stream").get("depth").asLong());
        assertEquals(1, json.get("depth_answers").get("BTCUSDT").asLong());
        assertEquals(0, json.get("depth_holes").size());
    }

    @Test
    void aBookAskedForAtAnyPlaceIsFollowedWithoutAHole() throws IOException {
        long seed = System.nanoTime();
        System.out.println("FuturesReelTest, seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 3; round++) {
            int place = random.nextInt(60_000);
            try (BinanceReel reel = recording().tape().open()) {
                reel.joined();
                for (int i = 0; i < place; i++) {
                    pass(reel);
                }
                reel.joined();
                if (!(reel.depth("BTCUSDT", 1_000) instanceof DepthAnswer.Book answer)) {
                    throw new AssertionError("no book at " + place);
                }
                follow(reel, JSON.readTree(answer.json()), seed);
            }
        }
    }

    private static Frame pass(BinanceReel reel) throws IOException {
        Frame frame = reel.next();
        if (frame == null) {
            throw new AssertionError("the recording ended");
        }
        reel.passed(frame);
        return frame;
    }

    private static void follow(BinanceReel reel, JsonNode book, long seed) throws IOException {
        assertTrue(book.get("E").isIntegralNumber() && book.get("T").isIntegralNumber());
        TreeMap<BigDecimal, BigDecimal> bids = new TreeMap<>();
        TreeMap<BigDecimal, BigDecimal> asks = new TreeMap<>();
        put(bids, book.get("bids"));
        put(asks, book.get("asks"));
        long last = book.get("lastUpdateId").asLong();
        boolean first = true;
        for (int i = 0; i < 20_000; i++) {
            Frame frame = pass(reel);
            if (!frame.kind().equals("depth")) {
                continue;
            }
            JsonNode data = JSON.readTree(frame.text()).get("data");
            long to = data.get("u").asLong();
            long previous = data.get("pu").asLong();
            if (to < last) {
                continue;
            }
            assertTrue(first ? previous <= last : previous == last, "seed " + seed);
            first = false;
            last = to;
            put(bids, data.get("b"));
            put(asks, data.get("a"));
            assertTrue(bids.lastKey().compareTo(asks.firstKey()) < 0, "crossed, seed " + seed);
        }
        assertTrue(!first);
    }

    private static void put(TreeMap<BigDecimal, BigDecimal> side, JsonNode levels) {
        for (JsonNode level : levels) {
            BigDecimal price = new BigDecimal(level.get(0).asText());
            BigDecimal quantity = new BigDecimal(level.get(1).asText());
            if (quantity.signum() == 0) {
                side.remove(price);
            } else {
                side.put(price, quantity);
            }
        }
    }
}
