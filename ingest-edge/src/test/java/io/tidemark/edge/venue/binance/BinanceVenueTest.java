package io.tidemark.edge.venue.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.contracts.proto.SessionChange;
import io.tidemark.contracts.proto.Side;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.feed.IntakeRig;
import io.tidemark.edge.feed.NoListener;
import io.tidemark.edge.feed.Settings;
import io.tidemark.edge.log.MemoryJournal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of message in the form of the public documents, and the rules of the book. */
class BinanceVenueTest {
    @TempDir
    Path folder;

    private MemoryJournal journal;
    private IntakeRig rig;

    static BinancePlan plan(Map<String, String> settings) {
        List<String> mistakes = new ArrayList<>();
        BinancePlan plan = BinancePlan.of("binance", Settings.feed(settings), BinanceSite.BINANCE, mistakes::add);
        assertEquals(List.of(), mistakes);
        return plan;
    }

    @BeforeEach
    void start() {
        start(Map.of("symbols", "BTCUSDT,ETHBTC"));
    }

    private void start(Map<String, String> settings) {
        journal = new MemoryJournal("binance");
        rig = new IntakeRig(
                folder,
                journal,
                recorder -> new NoListener(),
                recorder -> new BinanceVenue(plan(settings), recorder, new Random(1)));
        rig.open();
    }

    private Envelope only(String channel) {
        List<Envelope> events = journal.events(channel);
        assertEquals(1, events.size(), channel);
        return events.get(0);
    }

    private static String text(com.google.protobuf.ByteString decimal) {
        return Events.decimal(decimal).toBigDecimal().toPlainString();
    }

    @Test
    void theAddressNamesEveryStream() {
        assertEquals(
                "wss://stream.binance.com:9443/stream?streams=btcusdt@trade/btcusdt@bookTicker/btcusdt@depth@100ms"
                        + "/ethbtc@trade/ethbtc@bookTicker/ethbtc@depth@100ms",
                rig.venue.address());
    }

    @Test
    void aTradeKeepsItsNumbersAsSpelled() {
        rig.frame("{\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\",\"E\":1723161255343,\"s\":\"BTCUSDT\","
                + "\"t\":3735683259,\"p\":\"61837.63000000\",\"q\":\"0.02000000\",\"T\":1723161255342,\"m\":true,"
                + "\"M\":true}}");
        Envelope event = only("trades");
        assertEquals("BTC-USDT", event.getSymbol());
        assertEquals("BTCUSDT", event.getVenueSymbol());
        assertEquals(1723161255342000000L, event.getExchangeTime());
        assertEquals("3735683259", event.getTrade().getTradeId());
        assertEquals("61837.63000000", text(event.getTrade().getPrice()));
        assertEquals("0.02000000", text(event.getTrade().getSize()));
        assertEquals(Side.SIDE_SELL, event.getTrade().getSide());
        assertFalse(event.getTrade().hasFirstTradeId());
        assertEquals(1, journal.batches().size());
        assertEquals("frames", journal.batches().get(0).get(0).getChannel());
    }

    @Test
    void theOrderOfFieldsDoesNotMatter() {
        rig.frame("{\"data\":{\"T\":1,\"m\":false,\"q\":\"1\",\"p\":\"2\",\"t\":3,\"s\":\"ETHBTC\",\"X\":{\"p\":[1]},"
                + "\"e\":\"trade\"},\"stream\":\"ethbtc@trade\"}");
        Envelope event = only("trades");
        assertEquals("ETH-BTC", event.getSymbol());
        assertEquals(Side.SIDE_BUY, event.getTrade().getSide());
        assertEquals("2", text(event.getTrade().getPrice()));
    }

    @Test
    void anAggregateTradeNamesItsSingleTrades() {
        rig.frame("{\"e\":\"aggTrade\",\"E\":1617643092250,\"s\":\"BTCUSDT\",\"a\":402853,\"p\":\"15.8534\","
                + "\"q\":\"2.63000000\",\"f\":430860,\"l\":430862,\"T\":1617643092249,\"m\":false,\"M\":true}");
        Envelope event = only("trades");
        assertEquals("402853", event.getTrade().getTradeId());
        assertEquals(430860, event.getTrade().getFirstTradeId());
        assertEquals(430862, event.getTrade().getLastTradeId());
    }

    @Test
    void topOfBookHasNoExchangeTime() {
        rig.frame("{\"stream\":\"btcusdt@bookTicker\",\"data\":{\"u\":50093239212,\"s\":\"BTCUSDT\","
                + "\"b\":\"61837.63000000\",\"B\":\"3.78826000\",\"a\":\"\",\"A\":\"1.54698000\"}}");
        Envelope event = only("quotes");
        assertFalse(event.hasExchangeTime());
        assertEquals(50093239212L, event.getQuote().getUpdateId());
        assertEquals("61837.63000000", text(event.getQuote().getBidPrice()));
        assertFalse(event.getQuote().hasAskPrice());
        assertEquals("1.54698000", text(event.getQuote().getAskSize()));
    }

    @Test
    void aClosedCandleIsANativeBarAndAnOpenOneIsNothing() {
        String kline = "{\"e\":\"kline\",\"E\":1672515782136,\"s\":\"BTCUSDT\",\"k\":{\"t\":1672515780000,"
                + "\"T\":1672515839999,\"s\":\"BTCUSDT\",\"i\":\"1m\",\"f\":100,\"L\":200,\"o\":\"0.0010\",\"c\":\"0.0020\","
                + "\"h\":\"0.0025\",\"l\":\"0.0015\",\"v\":\"1000\",\"n\":100,\"x\":%s,\"q\":\"1.0000\",\"V\":\"500\","
                + "\"Q\":\"0.500\",\"B\":\"123456\"}}";
        rig.frame(kline.formatted("false"));
        assertEquals(0, journal.events("bars-native-1m").size());
        rig.frame(kline.formatted("true"));
        Envelope event = only("bars-native-1m");
        assertEquals("binance-native", event.getBar().getVendor());
        assertEquals(1672515780000000000L, event.getBar().getOpenTime());
        assertEquals("0.0015", text(event.getBar().getLow()));
        assertEquals(100, event.getBar().getTradeCount());
        assertEquals("1.0000", text(event.getBar().getQuoteVolume()));
    }

    @Test
    void bothTickersAreTickers() {
        rig.frame("{\"e\":\"24hrTicker\",\"E\":1672515782136,\"s\":\"BTCUSDT\",\"p\":\"0.0015\",\"P\":\"250.00\","
                + "\"w\":\"0.0018\",\"x\":\"0.0009\",\"c\":\"0.0025\",\"Q\":\"10\",\"b\":\"0.0024\",\"B\":\"10\","
                + "\"a\":\"0.0026\",\"A\":\"100\",\"o\":\"0.0010\",\"h\":\"0.0025\",\"l\":\"0.0010\",\"v\":\"10000\","
                + "\"q\":\"18\",\"O\":0,\"C\":86400000,\"F\":0,\"L\":18150,\"n\":18151}");
        rig.frame("{\"e\":\"24hrMiniTicker\",\"E\":1672515782136,\"s\":\"BTCUSDT\",\"c\":\"0.0025\",\"o\":\"0.0010\","
                + "\"h\":\"0.0025\",\"l\":\"0.0010\",\"v\":\"10000\",\"q\":\"18\"}");
        List<Envelope> tickers = journal.events("tickers");
        assertEquals(2, tickers.size());
        assertEquals("0.0024", text(tickers.get(0).getTicker().getBidPrice()));
        assertEquals("10", text(tickers.get(0).getTicker().getLastSize()));
        assertFalse(tickers.get(1).getTicker().hasBidPrice());
        assertEquals("18", text(tickers.get(1).getTicker().getQuoteVolume()));
    }

    @Test
    void rubbishIsQuarantinedAndTheNextFrameIsTaken() throws Exception {
        rig.frame("nonsense");
        rig.frame("{\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\"");
        rig.frame("{\"e\":\"somethingNew\",\"s\":\"BTCUSDT\"}");
        rig.frame("{\"e\":\"trade\",\"E\":1,\"s\":\"DOGEUSDT\",\"t\":1,\"p\":\"1\",\"q\":\"1\",\"T\":1,\"m\":true}");
        rig.frame("{\"e\":\"trade\",\"E\":1,\"s\":\"BTCUSDT\",\"t\":1,\"q\":\"1\",\"T\":1,\"m\":true}");
        rig.frame("{\"e\":\"trade\",\"E\":1,\"s\":\"BTCUSDT\",\"t\":1,\"p\":\"NaN\",\"q\":\"1\",\"T\":1,\"m\":true}");
        rig.frame("{\"e\":\"trade\",\"E\":1,\"s\":\"BTCUSDT\",\"t\":1,\"p\":\"-1\",\"q\":\"1\",\"T\":1,\"m\":true}");
        rig.frame("{\"e\":\"trade\",\"E\":1,\"s\":\"BTCUSDT\",\"t\":1,\"p\":\"0.0000000000000000001\",\"q\":\"1\","
                + "\"T\":1,\"m\":true}");
        rig.frame("{\"result\":null,\"id\":3}");
        rig.frame("{\"e\":\"trade\",\"E\":1,\"s\":\"BTCUSDT\",\"t\":1,\"p\":\"1\",\"q\":\"1\",\"T\":1,\"m\":true}");
        assertEquals(1, journal.events("trades").size());
        assertEquals(0, only("trades").getSequence());
        assertEquals(10, journal.events("frames").size());
        assertEquals(
                Map.of(
                        Reason.MALFORMED, 2,
                        Reason.UNKNOWN_TYPE, 1,
                        Reason.UNKNOWN_SYMBOL, 1,
                        Reason.MISSING_FIELD, 1,
                        Reason.BAD_NUMBER, 2,
                        Reason.NUMBER_OUT_OF_RANGE, 1),
                rig.bad);
        List<String> lines = Files.readAllLines(folder.resolve("binance/frames-0.ndjson"));
        assertEquals(8, lines.size());
        assertTrue(lines.get(0).contains("\"reason\":\"malformed\"")
                && lines.get(0).contains("bm9uc2Vuc2U="));
        assertEquals(
                Map.of("frames", 10L, "trades", 1L), rig.counts.snapshot(), "what is counted is what was committed");
    }

    @Test
    void aJumpOfTradeIdsIsAGap() {
        String trade = "{\"e\":\"trade\",\"E\":%1$d,\"s\":\"BTCUSDT\",\"t\":%2$d,\"p\":\"1\",\"q\":\"1\",\"T\":%1$d,"
                + "\"m\":true}";
        rig.frame(trade.formatted(1000, 7));
        rig.frame(trade.formatted(1001, 8));
        rig.frame(trade.formatted(1009, 12));
        rig.frame(trade.formatted(1009, 13));
        Envelope gap = only("gaps");
        assertEquals("BTC-USDT", gap.getSymbol());
        assertEquals(GapReason.GAP_REASON_SEQUENCE, gap.getGap().getReason());
        assertEquals("trades", gap.getGap().getGapChannel());
        assertEquals(9, gap.getGap().getExpectedId());
        assertEquals(12, gap.getGap().getReceivedId());
        assertEquals(1001_000_000L, gap.getGap().getFromTime());
        assertEquals(4, journal.events("trades").size());
    }

    private static String delta(long first, long last, String bids, String asks) {
        return "{\"stream\":\"btcusdt@depth@100ms\",\"data\":{\"e\":\"depthUpdate\",\"E\":1723161255208,"
                + "\"s\":\"BTCUSDT\",\"U\":" + first + ",\"u\":" + last + ",\"b\":" + bids + ",\"a\":" + asks + "}}";
    }

    private static String snapshot(long last) {
        return "{\"lastUpdateId\":" + last + ",\"bids\":[[\"10.0\",\"1\"],[\"9.5\",\"2\"]],\"asks\":[[\"11\",\"3\"]]}";
    }

    private List<Boolean> inStep() {
        return journal.events("book-deltas").stream()
                .map(e -> e.getBookDelta().getSynchronised())
                .toList();
    }

    @Test
    void changesAreHeldUntilTheSnapshotComesAndAppliedBehindIt() {
        rig.frame(delta(1, 5, "[]", "[]"));
        rig.frame(delta(6, 9, "[[\"10.0\",\"7.50\"]]", "[[\"11\",\"0\"],[\"12\",\"1\"]]"));
        assertEquals(1, rig.questions.size());
        assertEquals(
                "/api/v3/depth?symbol=BTCUSDT&limit=1000", rig.questions.peek().request());
        rig.answer(rig.questions.remove(), snapshot(7));
        rig.frame(delta(10, 10, "[[\"9.5\",\"0\"]]", "[]"));
        assertEquals(List.of(false, false, true), inStep());
        assertEquals(
                SessionChange.SESSION_CHANGE_BOOK_SYNCHRONISED,
                only("sessions").getSession().getChange());
        Envelope snapshot = only("book-snapshots");
        assertEquals("rest", snapshot.getConnector());
        assertEquals(2, snapshot.getBookSnapshot().getBids().getPricesCount());
        List<Envelope> rest = journal.events("frames").stream()
                .filter(e -> e.getConnector().equals("rest"))
                .toList();
        assertEquals(1, rest.size());
        assertEquals("BTC-USDT", rest.get(0).getSymbol());
        assertEquals(
                "/api/v3/depth?symbol=BTCUSDT&limit=1000",
                rest.get(0).getFrame().getRequest());
        assertEquals(3, journal.framesLogged());
    }

    @Test
    void aSnapshotOlderThanTheFirstChangeIsAskedForAgain() {
        rig.frame(delta(10, 12, "[]", "[]"));
        rig.answer(rig.questions.remove(), snapshot(8));
        assertEquals(0, rig.questions.size());
        rig.runLater();
        assertEquals(1, rig.questions.size());
        rig.answer(rig.questions.remove(), snapshot(9));
        rig.frame(delta(13, 14, "[]", "[]"));
        assertEquals(List.of(false, true), inStep());
        assertEquals(0, journal.events("gaps").size());
    }

    @Test
    void aHoleInTheChangesIsAGapAndBringsAFreshSnapshot() {
        rig.frame(delta(1, 5, "[]", "[]"));
        rig.answer(rig.questions.remove(), snapshot(5));
        rig.frame(delta(6, 6, "[]", "[]"));
        rig.frame(delta(8, 9, "[]", "[]"));
        Envelope gap = only("gaps");
        assertEquals("book-deltas", gap.getGap().getGapChannel());
        assertEquals(7, gap.getGap().getExpectedId());
        assertEquals(8, gap.getGap().getReceivedId());
        assertEquals(1, rig.questions.size());
        rig.frame(delta(10, 10, "[]", "[]"));
        rig.answer(rig.questions.remove(), snapshot(9));
        rig.frame(delta(11, 11, "[]", "[]"));
        assertEquals(List.of(false, true, false, false, true), inStep());
        assertEquals(1, journal.events("gaps").size());
    }

    @Test
    void aRepeatedChangeDoesNoHarm() {
        rig.frame(delta(1, 5, "[]", "[]"));
        rig.answer(rig.questions.remove(), snapshot(5));
        rig.frame(delta(6, 6, "[]", "[]"));
        rig.frame(delta(6, 6, "[]", "[]"));
        rig.frame(delta(7, 7, "[]", "[]"));
        assertEquals(List.of(false, true, true, true), inStep());
        assertEquals(0, journal.events("gaps").size());
    }

    @Test
    void aReconnectWithoutAHoleKeepsTheBookInStep() {
        rig.frame(delta(1, 5, "[]", "[]"));
        rig.answer(rig.questions.remove(), snapshot(5));
        rig.venue.closed();
        rig.open();
        rig.frame(delta(6, 7, "[]", "[]"));
        rig.venue.closed();
        rig.open();
        rig.frame(delta(9, 9, "[]", "[]"));
        assertEquals(List.of(false, true, false), inStep());
        assertEquals(1, journal.events("gaps").size());
        assertEquals(1, rig.questions.size());
    }

    @Test
    void withoutASnapshotChangesAreRecordedAsReceived() {
        rig.frame(delta(1, 5, "[[\"1\",\"1\"]]", "[]"));
        rig.questions
                .remove()
                .listener()
                .failed(new io.tidemark.edge.feed.VenueLink.RestFailure(404, null, "HTTP 404"));
        for (int i = 6; i < 3000; i++) {
            rig.frame(delta(i, i, "[]", "[]"));
        }
        assertEquals(2995, journal.events("book-deltas").size());
        assertFalse(inStep().contains(true));
        assertEquals(0, rig.questions.size());
        rig.runLater();
        assertEquals(1, rig.questions.size());
        rig.answer(rig.questions.remove(), snapshot(2999));
        rig.frame(delta(3000, 3000, "[]", "[]"));
        assertTrue(inStep().get(2995));
    }

    @Test
    void aDamagedSnapshotIsQuarantinedAndAskedForAgain() {
        rig.frame(delta(1, 5, "[]", "[]"));
        rig.answer(rig.questions.remove(), "{\"lastUpdateId\":7,\"bids\":[[\"1\"]],\"asks\":[]}");
        assertEquals(1, rig.quarantine.count());
        assertEquals(0, journal.events("book-snapshots").size());
        rig.runLater();
        rig.answer(rig.questions.remove(), snapshot(7));
        assertEquals(1, journal.events("book-snapshots").size());
    }
}
