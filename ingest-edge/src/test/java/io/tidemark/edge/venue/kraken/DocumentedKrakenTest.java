package io.tidemark.edge.venue.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.venue.VenueRig;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The frames and checksums of Kraken's public documents, and a seeded book of our own. */
class DocumentedKrakenTest {
    /** The worked example of "Book checksum (WebSocket v2)": all decimals are there. */
    static final String BTC_USD =
            "{\"channel\":\"book\",\"type\":\"snapshot\",\"data\":[{\"symbol\":\"BTC/USD\",\"bids\":["
                    + "{\"price\":45283.5,\"qty\":0.10000000},{\"price\":45283.4,\"qty\":1.54582015},"
                    + "{\"price\":45282.1,\"qty\":0.10000000},{\"price\":45281.0,\"qty\":0.10000000},"
                    + "{\"price\":45280.3,\"qty\":1.54592586},{\"price\":45279.0,\"qty\":0.07990000},"
                    + "{\"price\":45277.6,\"qty\":0.03310103},{\"price\":45277.5,\"qty\":0.30000000},"
                    + "{\"price\":45277.3,\"qty\":1.54602737},{\"price\":45276.6,\"qty\":0.15445238}],\"asks\":["
                    + "{\"price\":45285.2,\"qty\":0.00100000},{\"price\":45286.4,\"qty\":1.54571953},"
                    + "{\"price\":45286.6,\"qty\":1.54571109},{\"price\":45289.6,\"qty\":1.54560911},"
                    + "{\"price\":45290.2,\"qty\":0.15890660},{\"price\":45291.8,\"qty\":1.54553491},"
                    + "{\"price\":45294.7,\"qty\":0.04454749},{\"price\":45296.1,\"qty\":0.35380000},"
                    + "{\"price\":45297.5,\"qty\":0.09945542},{\"price\":45299.5,\"qty\":0.18772827}],"
                    + "\"checksum\":3310070434}]}";

    /** The example of the channel "Book": zeros at the end are left out. */
    static final String MATIC_USD =
            "{\"channel\":\"book\",\"type\":\"snapshot\",\"data\":[{\"symbol\":\"MATIC/USD\",\"bids\":["
                    + "{\"price\":0.5666,\"qty\":4831.75496356},{\"price\":0.5665,\"qty\":6658.22734739},"
                    + "{\"price\":0.5664,\"qty\":18724.91513344},{\"price\":0.5663,\"qty\":11563.92544914},"
                    + "{\"price\":0.5662,\"qty\":14006.65365711},{\"price\":0.5661,\"qty\":17454.85679807},"
                    + "{\"price\":0.566,\"qty\":18097.1547},{\"price\":0.5659,\"qty\":33644.89175666},"
                    + "{\"price\":0.5658,\"qty\":148.3464},{\"price\":0.5657,\"qty\":606.70854372}],\"asks\":["
                    + "{\"price\":0.5668,\"qty\":4410.79769741},{\"price\":0.5669,\"qty\":4655.40412487},"
                    + "{\"price\":0.567,\"qty\":49844.89424998},{\"price\":0.5671,\"qty\":24306.41678},"
                    + "{\"price\":0.5672,\"qty\":29783.25223475},{\"price\":0.5673,\"qty\":57234.71239278},"
                    + "{\"price\":0.5674,\"qty\":45065.04744},{\"price\":0.5675,\"qty\":5912.76380354},"
                    + "{\"price\":0.5676,\"qty\":42514.92434778},{\"price\":0.5677,\"qty\":36304.0847022}],"
                    + "\"checksum\":2439117997,\"timestamp\":\"2023-10-06T17:35:55.440295Z\"}]}";

    static final String MATIC_USD_UPDATE =
            "{\"channel\":\"book\",\"type\":\"update\",\"data\":[{\"symbol\":\"MATIC/USD\","
                    + "\"bids\":[{\"price\":0.5657,\"qty\":1098.3947558}],\"asks\":[],\"checksum\":2114181697,"
                    + "\"timestamp\":\"2023-10-06T17:35:55.440295Z\"}]}";

    private static final Map<String, String> SETTINGS = Map.of("symbols", "BTC/USD,MATIC/USD", "depth", "10");

    @TempDir
    Path folder;

    private VenueRig venue() {
        return new VenueRig(folder, Kraken.PROTOCOL, SETTINGS);
    }

    @Test
    void theDocumentedChecksumsAreReproduced() {
        VenueRig venue = venue();
        venue.rig.frame(BTC_USD);
        venue.rig.frame(MATIC_USD);
        venue.rig.frame(MATIC_USD_UPDATE);
        assertEquals(Map.of(), venue.rig.bad);
        assertEquals(3, venue.rig.bookChecksPassed());
        assertEquals(0, venue.rig.bookChecksFailed());
        assertEquals(1, venue.inStep());
        assertEquals(
                2114181697L, venue.events("book-deltas").get(0).getBookDelta().getChecksum());
    }

    @Test
    void aWrongChecksumIsAGapAndTheBookIsAskedForAnew() {
        VenueRig venue = venue();
        venue.drain();
        venue.rig.sent.clear();
        venue.rig.frame(MATIC_USD);
        venue.rig.frame(MATIC_USD_UPDATE.replace("2114181697", "2114181698"));
        venue.rig.frame(MATIC_USD_UPDATE);
        assertEquals(1, venue.rig.bookChecksFailed());
        assertEquals(0, venue.inStep());
        Envelope gap = venue.events("gaps").get(0);
        assertEquals(1, venue.count("gaps"));
        assertEquals(GapReason.GAP_REASON_CHECKSUM, gap.getGap().getReason());
        assertEquals("MATIC-USD", gap.getSymbol());
        venue.drain();
        assertEquals(
                List.of(
                        "{\"method\":\"unsubscribe\",\"params\":{\"channel\":\"book\",\"symbol\":[\"MATIC/USD\"],\"depth\":10}}",
                        "{\"method\":\"subscribe\",\"params\":{\"channel\":\"book\",\"symbol\":[\"MATIC/USD\"],\"depth\":10}}"),
                venue.rig.sent);
        venue.rig.frame(MATIC_USD);
        venue.rig.frame(MATIC_USD_UPDATE);
        assertEquals(1, venue.inStep());
    }

    @Test
    void freshSnapshotsAreAskedForWithGrowingWaitsUntilABookStaysInStep() {
        VenueRig venue = venue();
        venue.drain();
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            venue.rig.frame(MATIC_USD);
            waits.add(waitAfterFailure(venue));
        }
        assertEquals(
                List.of(0, 5, 10, 20, 40, 80, 160, 300, 300),
                waits.stream().map(wait -> (int) wait.toSeconds()).toList());
        venue.rig.frame(MATIC_USD);
        venue.rig.clock.advance(Duration.ofSeconds(61));
        assertEquals(Duration.ZERO, waitAfterFailure(venue), "it had stayed in step");
    }

    private static Duration waitAfterFailure(VenueRig venue) {
        venue.rig.waits.clear();
        String wrong = MATIC_USD_UPDATE.replace("2114181697", "1");
        venue.rig.frame(wrong);
        venue.rig.frame(wrong);
        venue.rig.frame(wrong);
        assertEquals(1, venue.rig.waits.size(), "asked for once");
        Duration wait = venue.rig.waits.get(0);
        venue.drain();
        return wait;
    }

    @Test
    void aRefusedSubscriptionIsKeptWithItsReason() {
        VenueRig venue = venue();
        venue.rig.frame("{\"error\":\"Currency pair not supported FOO/USD\",\"method\":\"subscribe\",\"success\":false,"
                + "\"symbol\":\"FOO/USD\",\"time_in\":\"2023-10-06T17:35:55.219022Z\"}");
        assertEquals(Map.of(Reason.REFUSED, 1), venue.rig.bad);
    }

    @Test
    void theTradesWithWhichASubscriptionBeginsAreRepeatsWhenTheyWereTold() {
        VenueRig venue = venue();
        String trade =
                "{\"symbol\":\"BTC/USD\",\"side\":\"buy\",\"price\":1.5,\"qty\":2,\"ord_type\":\"limit\",\"trade_id\":%d,"
                        + "\"timestamp\":\"2023-09-25T07:49:37.708706Z\"}";
        String message = "{\"channel\":\"trade\",\"type\":\"%s\",\"data\":[%s,%s]}";
        venue.rig.frame(message.formatted("snapshot", trade.formatted(7), trade.formatted(8)));
        venue.rig.lose();
        venue.rig.open();
        venue.rig.frame(message.formatted("snapshot", trade.formatted(8), trade.formatted(9)));
        venue.rig.frame(message.formatted("update", trade.formatted(11), trade.formatted(12)));
        assertEquals(
                List.of("7 false", "8 false", "8 true", "9 false", "11 false", "12 false"),
                venue.events("trades").stream()
                        .map(event -> event.getTrade().getTradeId() + " "
                                + event.getTrade().getRepeatedByVenue())
                        .toList());
        assertEquals(1, venue.count("gaps"));
        assertEquals(10, venue.events("gaps").get(0).getGap().getExpectedId());
    }

    @Test
    void aCandleIsRecordedWhenTheNextOneBegins() {
        VenueRig venue = venue();
        String candle =
                "{\"channel\":\"ohlc\",\"type\":\"update\",\"timestamp\":\"2023-10-04T16:26:30.524394914Z\",\"data\":[{"
                        + "\"symbol\":\"MATIC/USD\",\"open\":0.5624,\"high\":0.5628,\"low\":0.5622,\"close\":0.5627,"
                        + "\"trades\":%d,\"volume\":30927.68066226,\"vwap\":0.5626,"
                        + "\"interval_begin\":\"2023-10-04T16:%d:00.000000000Z\",\"interval\":5}]}";
        venue.rig.frame(candle.formatted(3, 25));
        venue.rig.frame(candle.formatted(12, 25));
        assertEquals(0, venue.count("bars-native-5m"));
        venue.rig.frame(candle.formatted(1, 30));
        assertEquals(12, venue.events("bars-native-5m").get(0).getBar().getTradeCount());
        venue.rig.lose();
        venue.rig.open();
        venue.rig.frame(candle.formatted(1, 35));
        assertEquals(1, venue.count("bars-native-5m"), "how the one before ended is not known");
    }

    /** Another way to keep the same book: sorted maps of texts. */
    @Test
    void aSeededBookAgreesWithItsChecksumsWhateverTheDepth() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        for (int depth : new int[] {10, 25}) {
            Random random = new Random(seed);
            VenueRig venue = new VenueRig(
                    folder, Kraken.PROTOCOL, Map.of("symbols", "BTC/USD", "depth", Integer.toString(depth)));
            TreeMap<BigDecimal, String> bids = new TreeMap<>(Comparator.<BigDecimal>reverseOrder());
            TreeMap<BigDecimal, String> asks = new TreeMap<>();
            for (int i = 0; i < depth; i++) {
                bids.put(price(20_000 - i), size(random));
                asks.put(price(20_001 + i), size(random));
            }
            venue.rig.frame(message("snapshot", bids, asks, bids, asks));
            for (int i = 0; i < 2_000; i++) {
                TreeMap<BigDecimal, String> newBids = new TreeMap<>();
                TreeMap<BigDecimal, String> newAsks = new TreeMap<>();
                change(bids, newBids, price(20_000 - random.nextInt(60)), random);
                if (random.nextBoolean()) {
                    change(asks, newAsks, price(20_001 + random.nextInt(60)), random);
                }
                while (bids.size() > depth) {
                    bids.pollLastEntry();
                }
                while (asks.size() > depth) {
                    asks.pollLastEntry();
                }
                venue.rig.frame(message("update", newBids, newAsks, bids, asks));
            }
            assertEquals(Map.of(), venue.rig.bad, "seed " + seed);
            assertEquals(2_001, venue.rig.bookChecksPassed(), "seed " + seed);
            assertEquals(2_000, venue.inStep(), "seed " + seed);
        }
    }

    private static void change(
            TreeMap<BigDecimal, String> side, TreeMap<BigDecimal, String> told, BigDecimal price, Random random) {
        if (side.size() > 12 && random.nextInt(3) == 0) {
            List<BigDecimal> all = new ArrayList<>(side.keySet());
            BigDecimal gone = all.get(random.nextInt(all.size()));
            side.remove(gone);
            told.put(gone, "0.00000000");
        } else {
            String size = size(random);
            side.put(price, size);
            told.put(price, size);
        }
    }

    private static BigDecimal price(int tenths) {
        return BigDecimal.valueOf(tenths, 1);
    }

    private static String size(Random random) {
        return BigDecimal.valueOf(1 + random.nextInt(900_000_000), 8).toPlainString();
    }

    private static String message(
            String type,
            Map<BigDecimal, String> bids,
            Map<BigDecimal, String> asks,
            TreeMap<BigDecimal, String> wholeBids,
            TreeMap<BigDecimal, String> wholeAsks) {
        StringBuilder text = new StringBuilder();
        top(wholeAsks, text);
        top(wholeBids, text);
        CRC32 crc = new CRC32();
        crc.update(text.toString().getBytes(StandardCharsets.US_ASCII));
        return "{\"channel\":\"book\",\"type\":\"" + type + "\",\"data\":[{\"symbol\":\"BTC/USD\",\"bids\":"
                + levels(bids)
                + ",\"asks\":" + levels(asks) + ",\"checksum\":" + crc.getValue()
                + ",\"timestamp\":\"2023-10-06T17:35:55.440295Z\"}]}";
    }

    private static void top(TreeMap<BigDecimal, String> side, StringBuilder text) {
        side.entrySet().stream()
                .limit(10)
                .forEach(level ->
                        text.append(bare(level.getKey().toPlainString())).append(bare(level.getValue())));
    }

    private static String bare(String number) {
        return number.replace(".", "").replaceFirst("^0+", "");
    }

    private static String levels(Map<BigDecimal, String> side) {
        List<String> all = new ArrayList<>();
        side.forEach((price, size) -> all.add("{\"price\":" + price.toPlainString() + ",\"qty\":" + size + "}"));
        return "[" + String.join(",", all) + "]";
    }

    @Test
    void settingsThatTheVenueDoesNotKnowAreNamed() {
        List<String> mistakes = new ArrayList<>();
        Kraken.PROTOCOL.plan(
                "binance",
                io.tidemark.edge.feed.Settings.feed(Map.of("symbols", "BTC/USD", "depth", "50", "streams", "ohlc-7")),
                mistakes::add);
        assertEquals(2, mistakes.size(), mistakes.toString());
        assertTrue(mistakes.stream().anyMatch(text -> text.startsWith("edge.feeds.binance.depth: 50")));
        assertTrue(mistakes.stream().anyMatch(text -> text.startsWith("edge.feeds.binance.streams: \"ohlc-7\"")));
    }
}
