package io.tidemark.edge.venue.coinbaseadvanced;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.proto.Bar;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.contracts.proto.Side;
import io.tidemark.edge.Recordings;
import io.tidemark.edge.Recordings.Received;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.venue.VenueRig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recorded 24 seconds of 2026, message by message. */
class RecordedCoinbaseAdvancedTest {
    private static final Map<String, String> SETTINGS = Map.of("symbols", "BTC-USD,ETH-USD");

    @TempDir
    Path folder;

    private static List<Received> recording() {
        return Recordings.jsonLines("captures/coinbase-advanced/COINBASE.jsonl.zst");
    }

    private static int count(List<Received> messages, String part) {
        return messages.stream()
                .mapToInt(message -> message.text().split(part, -1).length - 1)
                .sum();
    }

    @Test
    void theRecordedSecondsComeOutWhole() {
        List<Received> all = recording();
        VenueRig venue = new VenueRig(folder, CoinbaseAdvanced.PROTOCOL, SETTINGS).play(all);
        assertEquals(Map.of(), venue.rig.bad);
        assertEquals(1_030, venue.count("frames"));
        assertEquals(2, venue.count("book-snapshots"));
        assertEquals(773, venue.count("book-deltas"));
        assertEquals(773, venue.inStep());
        assertEquals(773, venue.rig.bookChecksPassed());
        assertEquals(0, venue.rig.bookChecksFailed());
        assertEquals(160, venue.count("tickers"));
        assertEquals(160, venue.count("quotes"));
        assertEquals(count(all, "\"trade_id\""), venue.count("trades"));
        assertEquals(0, venue.count("gaps"), "sequence_num 0..1029 and the ids of trades are whole");
        for (String symbol : List.of("BTC-USD", "ETH-USD")) {
            long last = 0;
            for (Envelope event : venue.events("trades")) {
                if (event.getSymbol().equals(symbol)) {
                    long id = Long.parseLong(event.getTrade().getTradeId());
                    assertTrue(last == 0 || id == last + 1, "trade " + id + " after " + last);
                    last = id;
                }
            }
        }
        assertEquals(
                Side.SIDE_BUY,
                venue.events("trades").stream()
                        .filter(event -> event.getTrade().getTradeId().equals("1068572090"))
                        .findFirst()
                        .orElseThrow()
                        .getTrade()
                        .getSide(),
                "at the best ask, so the buyer took");
        nativeCandlesAreThoseThatAreOver(venue);
        barsOfTheWholeMinuteHoldItsTrades(venue);
    }

    private static void nativeCandlesAreThoseThatAreOver(VenueRig venue) {
        List<Envelope> candles = venue.events(Channel.nativeBars("5m"));
        assertTrue(candles.size() > 100, candles.size() + " candles");
        long now = venue.rig.clock.instant().getEpochSecond() * 1_000_000_000L;
        for (String symbol : List.of("BTC-USD", "ETH-USD")) {
            long last = 0;
            for (Envelope event : candles) {
                if (event.getSymbol().equals(symbol)) {
                    Bar bar = event.getBar();
                    assertEquals(
                            "venue-native",
                            "venue" + bar.getVendor().substring(bar.getVendor().indexOf("-native")));
                    assertTrue(bar.getOpenTime() > last, "each once, in order");
                    assertTrue(bar.getOpenTime() + 300_000_000_000L <= now, "over");
                    last = bar.getOpenTime();
                }
            }
        }
    }

    private static void barsOfTheWholeMinuteHoldItsTrades(VenueRig venue) {
        venue.rig.end();
        long trades = venue.count("trades");
        long inBars = venue.events("bars-1m").stream()
                .mapToLong(event -> event.getBar().getTradeCount())
                .sum();
        assertEquals(trades, inBars);
    }

    @Test
    void aJumpIsAGapOfTheConnectionAndAllBooksAreAskedForAnew() {
        List<Received> all = recording();
        List<Received> cut = new ArrayList<>(all.subList(0, 300));
        cut.addAll(all.subList(320, all.size()));
        VenueRig venue = new VenueRig(folder, CoinbaseAdvanced.PROTOCOL, SETTINGS);
        venue.drain();
        venue.rig.sent.clear();
        venue.play(cut);
        Envelope gap = venue.events("gaps").get(0);
        assertEquals("_", gap.getSymbol());
        assertEquals(GapReason.GAP_REASON_SEQUENCE, gap.getGap().getReason());
        assertEquals(300, gap.getGap().getExpectedId());
        assertEquals(320, gap.getGap().getReceivedId());
        assertTrue(gap.getGap().getFromTime() < gap.getGap().getToTime());
        assertEquals(2, venue.rig.bookChecksFailed(), "one for each book");
        long before = venue.inStep();
        assertTrue(before > 100 && before < 300, before + " in step");
        venue.drain();
        assertEquals(
                2,
                venue.rig.sent.stream()
                        .filter(text -> text.startsWith("{\"type\":\"subscribe\"") && text.contains("level2"))
                        .count());
        Received snapshot = all.stream()
                .filter(message -> message.text().contains("\"l2_data\"")
                        && message.text().contains("\"type\":\"snapshot\",\"product_id\":\"ETH-USD\""))
                .findFirst()
                .orElseThrow();
        venue.rig.frame(snapshot.text().replaceFirst("\"sequence_num\":[0-9]+", "\"sequence_num\":1030"));
        assertEquals(3, venue.count("sessions"), "in step again");
    }

    @Test
    void aRepeatedMessageIsNoGapAndChangesNoBook() {
        List<Received> all = recording();
        List<Received> twice = new ArrayList<>(all);
        twice.add(501, all.get(500));
        VenueRig venue = new VenueRig(folder, CoinbaseAdvanced.PROTOCOL, SETTINGS).play(twice);
        assertEquals(0, venue.count("gaps"));
        assertEquals(773, venue.rig.bookChecksPassed());
    }

    @Test
    void aMessageThatCannotBeReadIsToldAsMissing() {
        List<Received> all = new ArrayList<>(recording());
        Received broken = all.get(500);
        all.set(
                500,
                new Received(
                        broken.time(), broken.text().substring(0, broken.text().length() - 20)));
        VenueRig venue = new VenueRig(folder, CoinbaseAdvanced.PROTOCOL, SETTINGS).play(all);
        assertEquals(Map.of(Reason.MALFORMED, 1), venue.rig.bad);
        assertEquals(1, venue.count("gaps"));
        assertEquals(500, venue.events("gaps").get(0).getGap().getExpectedId());
        assertEquals(501, venue.events("gaps").get(0).getGap().getReceivedId());
    }

    @Test
    void aConnectionThatGoesOnExactlyKeepsTheBooks() {
        List<Received> all = recording();
        VenueRig venue = new VenueRig(folder, CoinbaseAdvanced.PROTOCOL, SETTINGS).play(all.subList(0, 500));
        venue.rig.lose();
        venue.rig.open();
        venue.play(all.subList(500, all.size()));
        assertEquals(773, venue.inStep());
        assertEquals(0, venue.count("gaps"));
    }

    @Test
    void theTradesWithWhichAConnectionBeginsFillTheHoleAndRepeatTheRest() {
        List<Received> all = recording();
        VenueRig venue = new VenueRig(folder, CoinbaseAdvanced.PROTOCOL, SETTINGS).play(all);
        int before = venue.count("trades");
        Envelope last = venue.events("trades").stream()
                .filter(event -> event.getSymbol().equals("BTC-USD"))
                .reduce((a, b) -> b)
                .orElseThrow();
        long id = Long.parseLong(last.getTrade().getTradeId());
        venue.rig.lose();
        venue.rig.open();
        StringBuilder trades = new StringBuilder();
        for (long number = id + 2; number > id - 2; number--) {
            trades.append(trades.length() == 0 ? "" : ",")
                    .append("{\"product_id\":\"BTC-USD\",\"trade_id\":\"")
                    .append(number)
                    .append("\",\"price\":\"65083.67\",\"size\":\"1\",\"time\":\"2026-08-09T21:06:1")
                    .append(number - id + 3)
                    .append("Z\",\"side\":\"BUY\"}");
        }
        venue.rig.frame("{\"channel\":\"market_trades\",\"timestamp\":\"2026-08-09T21:06:20Z\",\"sequence_num\":0,"
                + "\"events\":[{\"type\":\"snapshot\",\"trades\":[" + trades + "]}]}");
        List<Envelope> now = venue.events("trades");
        assertEquals(before + 4, now.size());
        assertEquals(
                List.of(true, true, false, false),
                now.subList(before, before + 4).stream()
                        .map(event -> event.getTrade().getRepeatedByVenue())
                        .toList());
        assertEquals(0, venue.count("gaps"));
    }
}
