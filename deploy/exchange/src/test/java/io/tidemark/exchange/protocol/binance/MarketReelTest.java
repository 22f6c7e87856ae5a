package io.tidemark.exchange.protocol.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.exchange.emission.Frame;
import io.tidemark.exchange.market.MarketPlan;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MarketReelTest {
    private static final Instant START = Instant.parse("2026-03-01T23:59:50Z");

    @Test
    void theSamePlanGivesTheSameBytesAndAnotherSeedDoesNot() {
        assertEquals(
                texts(plan(List.of("BTCUSDT", "ETHUSDT"), 7, 20)), texts(plan(List.of("BTCUSDT", "ETHUSDT"), 7, 20)));
        assertNotEquals(texts(plan(List.of("BTCUSDT"), 7, 5)), texts(plan(List.of("BTCUSDT"), 8, 5)));
    }

    @Test
    void aSymbolsMarketDoesNotDependOnTheOthers() {
        List<String> alone = texts(plan(List.of("ETHUSDT"), 7, 10));
        List<String> among = texts(plan(List.of("BTCUSDT", "ETHUSDT", "DOGEUSDT"), 7, 10)).stream()
                .filter(text -> text.startsWith("{\"stream\":\"ethusdt@"))
                .toList();
        assertEquals(alone, among);
    }

    @Test
    void framesObeyTheVenuesRules() {
        long seed = System.nanoTime();
        System.out.println("MarketReelTest rules, seed " + seed);
        List<String> symbols = List.of("BTCUSDT", "ETHUSDT", "XRPUSDT", "ABCUSDT");
        List<Frame> frames = frames(new MarketReel(plan(symbols, seed, 60)));

        Map<String, Long> lastDepth = new HashMap<>();
        Map<String, Long> lastTrade = new HashMap<>();
        Map<String, Long> lastTop = new HashMap<>();
        Map<String, String> lastBest = new HashMap<>();
        long lastTime = 0;
        for (Frame frame : frames) {
            assertTrue(frame.timeNanos() >= lastTime);
            lastTime = frame.timeNanos();
            JsonNode data = ClientBook.json(frame.text()).get("data");
            String symbol = data.get("s").asText();
            switch (frame.kind()) {
                case "depth" -> {
                    Long before = lastDepth.put(symbol, data.get("u").asLong());
                    assertTrue(before == null || data.get("U").asLong() == before + 1, frame.text());
                    assertTrue(data.get("U").asLong() <= data.get("u").asLong());
                    assertEquals(0, (data.get("E").asLong() - START.toEpochMilli()) % 100);
                }
                case "trade" -> {
                    Long before = lastTrade.put(symbol, data.get("t").asLong());
                    assertTrue(before == null || data.get("t").asLong() == before + 1, frame.text());
                    eightDecimals(data.get("p"));
                    eightDecimals(data.get("q"));
                    assertTrue(new BigDecimal(data.get("q").asText()).signum() > 0);
                }
                case "bookTicker" -> {
                    Long before = lastTop.put(symbol, data.get("u").asLong());
                    assertTrue(before == null || data.get("u").asLong() > before, frame.text());
                    String best = data.get("b") + "/" + data.get("B") + "/" + data.get("a") + "/" + data.get("A");
                    assertNotEquals(lastBest.put(symbol, best), best);
                    assertTrue(new BigDecimal(data.get("b").asText())
                                    .compareTo(new BigDecimal(data.get("a").asText()))
                            < 0);
                }
                default -> throw new AssertionError(frame.kind());
            }
        }
        double perSecondAndSymbol = frames.size() / 60.0 / symbols.size();
        assertTrue(perSecondAndSymbol > 50 && perSecondAndSymbol < 200, "frames: " + perSecondAndSymbol);
        assertEquals(symbols.size(), lastTrade.size());
    }

    /** A snapshot taken at any place, plus the depth frames from there on, is the market's own book. */
    @Test
    void aSnapshotFromAnyPlaceGrowsIntoTheTrueBook() {
        long seed = System.nanoTime();
        System.out.println("MarketReelTest books, seed " + seed);
        Random random = new Random(seed);
        MarketPlan plan = plan(List.of("BTCUSDT", "ETHUSDT"), seed, 30);
        int count = frames(new MarketReel(plan)).size();
        for (int i = 0; i < 40; i++) {
            int place = i == 0 ? 0 : random.nextInt(count);
            String symbol = random.nextBoolean() ? "BTCUSDT" : "ETHUSDT";
            MarketReel reel = new MarketReel(plan);
            for (int passed = 0; passed < place; passed++) {
                reel.next();
            }
            ClientBook book = new ClientBook(json(reel, symbol));
            for (Frame frame = reel.next(); frame != null; frame = reel.next()) {
                if (frame.stream().equals(symbol.toLowerCase(java.util.Locale.ROOT) + "@depth@100ms")) {
                    book.apply(frame.text());
                }
            }
            // The last frame of the plan is a depth report, at the end of its last tenth of a second.
            ClientBook truth = new ClientBook(json(reel, symbol));
            assertEquals(truth.lastId(), book.lastId(), "seed " + seed + " place " + place);
            assertEquals(truth.bids(), book.bids(), "seed " + seed + " place " + place);
            assertEquals(truth.asks(), book.asks(), "seed " + seed + " place " + place);
        }
    }

    @Test
    void tradesTakeFromTheBestPriceOfTheBook() {
        MarketReel reel = new MarketReel(plan(List.of("BTCUSDT"), 3, 30));
        String bid = "";
        String ask = "";
        boolean first = true;
        int checked = 0;
        for (Frame frame = reel.next(); frame != null; frame = reel.next()) {
            JsonNode data = ClientBook.json(frame.text()).get("data");
            if (frame.kind().equals("bookTicker")) {
                bid = data.get("b").asText();
                ask = data.get("a").asText();
                first = true;
            } else if (frame.kind().equals("trade") && first && !bid.isEmpty()) {
                assertEquals(
                        data.get("m").asBoolean() ? bid : ask, data.get("p").asText());
                first = false;
                checked++;
            }
        }
        assertTrue(checked > 100, "trades checked: " + checked);
    }

    private static void eightDecimals(JsonNode number) {
        assertTrue(number.asText().matches("\\d+\\.\\d{8}"), number.asText());
    }

    private static String json(MarketReel reel, String symbol) {
        if (reel.depth(symbol, 5_000) instanceof DepthAnswer.Book book) {
            return book.json();
        }
        throw new AssertionError("no book of " + symbol);
    }

    private static MarketPlan plan(List<String> symbols, long seed, long seconds) {
        return new MarketPlan(symbols, seed, START, seconds);
    }

    private static List<String> texts(MarketPlan plan) {
        return frames(new MarketReel(plan)).stream().map(Frame::text).toList();
    }

    private static List<Frame> frames(MarketReel reel) {
        List<Frame> frames = new ArrayList<>();
        for (Frame frame = reel.next(); frame != null; frame = reel.next()) {
            frames.add(frame);
        }
        return frames;
    }
}
