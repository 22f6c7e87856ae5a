package io.tidemark.edge.venue.okx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.edge.Recordings;
import io.tidemark.edge.Recordings.Received;
import io.tidemark.edge.venue.VenueRig;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recorded eleven seconds of 2022, message by message. */
class RecordedOkxTest {
    private static final Map<String, String> SETTINGS = Map.of("symbols", "BTC-USDT,BTC-USD-220527,UNI-USD-SWAP");

    @TempDir
    Path folder;

    private static List<Received> recording() {
        return Recordings.jsonLines("captures/okx-v5/OKX.jsonl.zst");
    }

    @Test
    void theRecordedSecondsComeOutWholeAndEveryChecksumIsReproduced() {
        VenueRig venue = new VenueRig(folder, Okx.PROTOCOL, SETTINGS).play(recording());
        assertEquals(Map.of(), venue.rig.bad);
        assertEquals(410, venue.count("frames"));
        assertEquals(3, venue.count("book-snapshots"));
        assertEquals(287, venue.count("book-deltas"));
        assertEquals(287, venue.inStep());
        assertEquals(290, venue.rig.bookChecksPassed());
        assertEquals(0, venue.rig.bookChecksFailed());
        assertEquals(74, venue.count("trades"));
        assertEquals(28, venue.count("tickers"));
        assertEquals(28, venue.count("quotes"), "there is no bbo-tbt, so the tickers are the quotes");
        assertEquals(0, venue.count("gaps"));
        assertEquals(
                List.of("BTC-USD-220527", "BTC-USDT", "UNI-USD-SWAP"),
                venue.events("book-snapshots").stream()
                        .map(Envelope::getSymbol)
                        .sorted()
                        .toList());
        barsHoldWhatTheTradesHold(venue);
    }

    private static void barsHoldWhatTheTradesHold(VenueRig venue) {
        venue.rig.end();
        BigDecimal traded = venue.events("trades").stream()
                .map(event -> Events.decimal(event.getTrade().getSize()).toBigDecimal())
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        for (String interval : List.of("bars-1s", "bars-1m")) {
            BigDecimal inBars = venue.events(interval).stream()
                    .map(event -> Events.decimal(event.getBar().getVolume()).toBigDecimal())
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            assertEquals(0, traded.compareTo(inBars), interval);
        }
    }

    @Test
    void aLostStretchIsAGapAndTheNextSnapshotBringsTheBookBack() {
        List<Received> all = recording();
        List<Received> cut = new ArrayList<>();
        Received snapshot = null;
        int changes = 0;
        int trades = 0;
        for (Received message : all) {
            boolean ofPair = message.text().contains("\"instId\":\"BTC-USDT\"},\"");
            if (ofPair && message.text().contains("\"action\":\"snapshot\"")) {
                snapshot = message;
            } else if (ofPair && message.text().contains("\"action\"") && ++changes > 20 && changes <= 25) {
                continue;
            } else if (ofPair && message.text().contains("tradeId") && ++trades > 10 && trades <= 13) {
                continue;
            }
            cut.add(message);
        }
        assertTrue(changes > 50 && trades > 20 && snapshot != null, changes + " changes, " + trades + " trades");
        VenueRig venue = new VenueRig(folder, Okx.PROTOCOL, SETTINGS);
        venue.drain();
        venue.rig.sent.clear();
        venue.play(cut);
        assertEquals(1, venue.rig.bookChecksFailed());
        assertEquals(
                List.of(GapReason.GAP_REASON_CHECKSUM),
                venue.events("gaps").stream()
                        .filter(gap -> gap.getGap().getGapChannel().equals("book-deltas"))
                        .map(gap -> gap.getGap().getReason())
                        .toList());
        List<Envelope> ofTrades = venue.events("gaps").stream()
                .filter(gap -> gap.getGap().getGapChannel().equals("trades"))
                .toList();
        assertEquals(1, ofTrades.size());
        assertEquals(
                ofTrades.get(0).getGap().getExpectedId() + 3,
                ofTrades.get(0).getGap().getReceivedId());
        venue.drain();
        assertEquals(
                List.of(
                        "{\"op\":\"unsubscribe\",\"args\":[{\"channel\":\"books\",\"instId\":\"BTC-USDT\"}]}",
                        "{\"op\":\"subscribe\",\"args\":[{\"channel\":\"books\",\"instId\":\"BTC-USDT\"}]}"),
                venue.rig.sent.stream().filter(text -> !text.equals("ping")).toList());
        venue.rig.frame(snapshot.text());
        assertEquals(4, venue.count("sessions"), "in step again");
    }

    private static String book(String action, long previous, long sequence, String asks) {
        return "{\"arg\":{\"channel\":\"books\",\"instId\":\"BTC-USDT\"},\"action\":\"" + action
                + "\",\"data\":[{\"asks\":"
                + asks + ",\"bids\":[[\"1\",\"1\",\"0\",\"1\"]],\"ts\":\"1652459225464\",\"checksum\":0,\"seqId\":"
                + sequence
                + ",\"prevSeqId\":" + previous + "}]}";
    }

    @Test
    void withoutChecksumsTheNumbersOfTheMessagesAreTheProof() {
        VenueRig venue = new VenueRig(folder, Okx.PROTOCOL, SETTINGS);
        venue.rig.frame(book("snapshot", -1, 10, "[[\"2\",\"1\",\"0\",\"1\"]]"));
        venue.rig.frame(book("update", 10, 15, "[]"));
        venue.rig.frame(book("update", 15, 15, "[]"));
        venue.rig.frame(book("update", 15, 3, "[]"));
        assertEquals(3, venue.inStep(), "numbers may repeat and begin anew");
        assertEquals(3, venue.rig.bookChecksPassed());
        venue.rig.lose();
        venue.rig.open();
        venue.rig.frame(book("update", 3, 4, "[]"));
        assertEquals(4, venue.inStep(), "nothing was missed while no connection stood");
        venue.rig.frame(book("update", 6, 7, "[]"));
        assertEquals(4, venue.inStep());
        assertEquals(1, venue.rig.bookChecksFailed());
        Envelope gap = venue.events("gaps").get(0);
        assertEquals(GapReason.GAP_REASON_SEQUENCE, gap.getGap().getReason());
        assertEquals(4, gap.getGap().getExpectedId());
        assertEquals(6, gap.getGap().getReceivedId());
        venue.rig.frame(book("update", 7, 8, "[]"));
        assertEquals(1, venue.count("gaps"), "told once");
        assertEquals(4, venue.inStep());
    }

    @Test
    void tradesThatCameAsOneKeepTheirIds() {
        VenueRig venue = new VenueRig(folder, Okx.PROTOCOL, SETTINGS);
        String trade = "{\"arg\":{\"channel\":\"trades\",\"instId\":\"BTC-USDT\"},\"data\":[{\"instId\":\"BTC-USDT\","
                + "\"tradeId\":\"%d\",\"px\":\"42219.9\",\"sz\":\"0.12060306\",\"side\":\"buy\",\"ts\":\"1630048897897\","
                + "\"count\":\"%d\"}]}";
        venue.rig.frame(trade.formatted(100, 1));
        venue.rig.frame(trade.formatted(103, 3));
        assertEquals(0, venue.count("gaps"));
        Envelope three = venue.events("trades").get(1);
        assertEquals(101, three.getTrade().getFirstTradeId());
        assertEquals(103, three.getTrade().getLastTradeId());
        venue.rig.frame(trade.formatted(106, 2));
        assertEquals(104, venue.events("gaps").get(0).getGap().getExpectedId());
        assertEquals(105, venue.events("gaps").get(0).getGap().getReceivedId());
    }

    @Test
    void whatDerivativesHaveBesidesAreTickersOfTheirOwn() {
        VenueRig venue = new VenueRig(folder, Okx.PROTOCOL, SETTINGS);
        venue.rig.frame("{\"arg\":{\"channel\":\"funding-rate\",\"instId\":\"UNI-USD-SWAP\"},\"data\":[{"
                + "\"instId\":\"UNI-USD-SWAP\",\"fundingRate\":\"-0.0001875391284828\",\"fundingTime\":\"1700726400000\","
                + "\"ts\":\"1700724675402\"}]}");
        Envelope event = venue.events("tickers").get(0);
        assertEquals(
                "-0.0001875391284828",
                Events.decimal(event.getTicker().getFundingRate()).toString());
        assertEquals(1_700_726_400_000_000_000L, event.getTicker().getNextFundingTime());
        assertEquals(0, venue.count("quotes"));
    }

    @Test
    void emptyPricesAreAbsentAndCandlesCountWhenTheyAreOver() {
        VenueRig venue = new VenueRig(folder, Okx.PROTOCOL, SETTINGS);
        venue.rig.frame("{\"arg\":{\"channel\":\"tickers\",\"instId\":\"BTC-USDT\"},\"data\":[{\"instType\":\"SPOT\","
                + "\"instId\":\"BTC-USDT\",\"last\":\"30218.8\",\"bidPx\":\"\",\"bidSz\":\"\",\"askPx\":\"1\",\"askSz\":\"2\","
                + "\"ts\":\"1652459223003\"}]}");
        assertEquals(false, venue.events("quotes").get(0).getQuote().hasBidPrice());
        assertEquals(true, venue.events("quotes").get(0).getQuote().hasAskPrice());
        String candle =
                "{\"arg\":{\"channel\":\"candle1m\",\"instId\":\"BTC-USDT\"},\"data\":[[\"1597026360000\",\"3.721\","
                        + "\"3.743\",\"3.677\",\"3.708\",\"8422410\",\"22698348.04\",\"12698348.04\",\"%d\"]]}";
        venue.rig.frame(candle.formatted(0));
        assertEquals(0, venue.count("bars-native-1m"));
        venue.rig.frame(candle.formatted(1));
        assertEquals(1, venue.count("bars-native-1m"));
        assertEquals(Map.of(), venue.rig.bad);
    }
}
