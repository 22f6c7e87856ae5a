package io.tidemark.edge.bars;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Bar;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.edge.feed.IntakeRig;
import io.tidemark.edge.feed.Settings;
import io.tidemark.edge.log.MemoryJournal;
import io.tidemark.edge.venue.binance.BinancePlan;
import io.tidemark.edge.venue.binance.BinanceSite;
import io.tidemark.edge.venue.binance.BinanceVenue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BarBuilderTest {
    static final Map<String, Long> INTERVALS = Map.of("1s", 1_000_000_000L, "1m", 60_000_000_000L);
    private static final long T0 = 1_700_000_040_000L;

    @TempDir
    Path folder;

    private MemoryJournal journal;
    private IntakeRig rig;

    static IntakeRig rig(Path folder, MemoryJournal journal, List<String> intervals, List<Envelope> log) {
        BinancePlan plan = BinancePlan.of(
                "binance",
                Settings.feed(Map.of("symbols", "BTCUSDT,ETHUSDT", "streams", "trade")),
                BinanceSite.BINANCE,
                mistake -> {
                    throw new AssertionError(mistake);
                });
        BarBuilder[] bars = new BarBuilder[1];
        IntakeRig rig = new IntakeRig(
                folder,
                journal,
                recorder -> bars[0] = new BarBuilder(intervals, Duration.ofSeconds(2), 8, recorder),
                recorder -> new BinanceVenue(plan, recorder, new Random(1)));
        BarRebuild rebuild = new BarRebuild(bars[0], rig.recorder, false, true);
        log.forEach(rebuild::accept);
        rebuild.done(0);
        rig.open();
        return rig;
    }

    @BeforeEach
    void start() {
        journal = new MemoryJournal("binance");
        rig = rig(folder, journal, List.of("1s"), List.of());
        rig.clock.set(T0 * 1_000_000);
    }

    private void trade(long millis, long id, String price, String size) {
        trade("BTCUSDT", millis, id, price, size);
    }

    private void trade(String symbol, long millis, long id, String price, String size) {
        rig.frame(frame(symbol, T0 + millis, id, price, size));
    }

    static String frame(String symbol, long millis, long id, String price, String size) {
        return "{\"e\":\"trade\",\"E\":" + millis + ",\"s\":\"" + symbol + "\",\"t\":" + id + ",\"p\":\"" + price
                + "\",\"q\":\"" + size + "\",\"T\":" + millis + ",\"m\":true}";
    }

    private List<String> sent() {
        List<String> lines = new ArrayList<>();
        for (Envelope event : journal.events("bars-1s")) {
            Bar bar = event.getBar();
            assertEquals(bar.getOpenTime(), event.getExchangeTime());
            assertEquals("binance", bar.getVendor());
            lines.add(event.getSymbol() + " " + (bar.getOpenTime() / 1_000_000 - T0) + " " + number(bar.getOpen()) + " "
                    + number(bar.getHigh()) + " " + number(bar.getLow()) + " " + number(bar.getClose()) + " "
                    + number(bar.getVolume()) + " n" + bar.getTradeCount() + " r" + bar.getRevision()
                    + (bar.getComplete() ? "" : " incomplete"));
        }
        return lines;
    }

    private static String number(com.google.protobuf.ByteString field) {
        return Events.decimal(field).toBigDecimal().toPlainString();
    }

    @Test
    void aBarClosesInTheBatchOfTheTradeThatPassesItsEndByTheLateness() {
        trade(0, 1, "10", "1");
        trade(500, 2, "12.50", "0.25");
        trade(999, 3, "9", "1");
        trade(1000, 4, "11", "1");
        trade(2999, 5, "11", "1");
        assertEquals(List.of(), sent());
        trade(3000, 6, "11", "1");
        assertEquals(List.of("BTC-USDT 0 10 12.50 9 9 2.25 n3 r0 incomplete"), sent());
        List<Envelope> last = journal.batches().get(journal.batches().size() - 1);
        assertEquals(
                List.of("frames", "trades", "bars-1s"),
                last.stream().map(Envelope::getChannel).toList());
    }

    @Test
    void onlyTheBarsThatTheStartFallsIntoAreIncomplete() {
        for (int i = 0; i < 5; i++) {
            trade(i * 1000L + 500, i + 1, "10", "1");
        }
        assertEquals(List.of("BTC-USDT 0 10 10 10 10 1 n1 r0 incomplete", "BTC-USDT 1000 10 10 10 10 1 n1 r0"), sent());
    }

    @Test
    void aLateTradeSendsItsBarAgainWithTheNextRevision() {
        trade(1000, 1, "10", "1");
        trade(4000, 2, "10", "1");
        trade(1200, 3, "20", "1");
        trade(900, 4, "5", "1");
        assertEquals(
                List.of(
                        "BTC-USDT 1000 10 10 10 10 1 n1 r0 incomplete",
                        "BTC-USDT 1000 10 20 10 20 2 n2 r1 incomplete",
                        "BTC-USDT 0 5 5 5 5 1 n1 r0 incomplete"),
                sent());
    }

    @Test
    void wallTimeClosesBarsInAQuietMarket() {
        trade(0, 1, "10", "1");
        rig.clock.advance(Duration.ofMillis(2999));
        rig.tick();
        assertEquals(List.of(), sent());
        rig.clock.advance(Duration.ofMillis(1));
        rig.tick();
        assertEquals(1, sent().size());
        // Wall time may have been too fast: what comes within the bar's own time waits again.
        trade(100, 2, "11", "1");
        trade(200, 3, "12", "1");
        assertEquals(1, sent().size());
        trade(4000, 4, "12", "1");
        assertEquals("BTC-USDT 0 10 12 10 12 3 n3 r1 incomplete", sent().get(1));
    }

    @Test
    void anotherInstrumentsTimeClosesBarsToo() {
        trade(0, 1, "10", "1");
        trade("ETHUSDT", 3000, 1, "10", "1");
        assertEquals(List.of("BTC-USDT 0 10 10 10 10 1 n1 r0 incomplete"), sent());
    }

    @Test
    void theOrderOfArrivalDoesNotDecideOpenAndClose() {
        trade(500, 5, "10", "1");
        trade(100, 2, "20", "1");
        trade(100, 1, "30", "1");
        trade(900, 9, "40", "1");
        trade(900, 8, "50", "1");
        trade(5000, 10, "1", "1");
        assertEquals("BTC-USDT 0 30 50 10 40 5 n5 r0 incomplete", sent().get(0));
    }

    @Test
    void aHoleInTheTradesMarksTheBarsAroundIt() {
        for (int i = 0; i < 12; i++) {
            trade(i * 1000L + 500, i < 6 ? i + 1 : i + 2, "10", "1");
        }
        List<String> incomplete =
                sent().stream().filter(line -> line.endsWith("incomplete")).toList();
        assertEquals(
                List.of(
                        "BTC-USDT 0 10 10 10 10 1 n1 r0 incomplete",
                        "BTC-USDT 5000 10 10 10 10 1 n1 r0 incomplete",
                        "BTC-USDT 6000 10 10 10 10 1 n1 r0 incomplete"),
                incomplete);
        assertEquals(1, journal.events("gaps").size());
    }

    @Test
    void anInterruptionMarksTheBarsItSpans() {
        trade(500, 1, "10", "1");
        trade(1500, 2, "10", "1");
        trade(4500, 3, "10", "1");
        rig.interrupt();
        trade(6500, 4, "10", "1");
        trade(7500, 5, "10", "1");
        trade(12000, 6, "10", "1");
        assertEquals(
                List.of(
                        "BTC-USDT 0 10 10 10 10 1 n1 r0 incomplete",
                        "BTC-USDT 1000 10 10 10 10 1 n1 r0",
                        "BTC-USDT 4000 10 10 10 10 1 n1 r0 incomplete",
                        "BTC-USDT 6000 10 10 10 10 1 n1 r0 incomplete",
                        "BTC-USDT 7000 10 10 10 10 1 n1 r0"),
                sent());
    }

    @Test
    void theEndClosesWhatIsOpenAsItStands() {
        trade(500, 1, "10", "1");
        trade(1500, 2, "10", "1");
        trade(2500, 3, "10", "1");
        rig.end();
        assertEquals(
                List.of(
                        "BTC-USDT 0 10 10 10 10 1 n1 r0 incomplete",
                        "BTC-USDT 1000 10 10 10 10 1 n1 r0",
                        "BTC-USDT 2000 10 10 10 10 1 n1 r0 incomplete"),
                sent());
        rig.end();
        assertEquals(3, sent().size());
    }

    @Test
    void aTradeForABarThatIsNotKnownAnyMoreIsNamedNotGuessed() {
        for (int i = 0; i < 30; i++) {
            trade(i * 1000L, i + 1, "10", "1");
        }
        int before = sent().size();
        trade(2100, 31, "99", "1");
        trade(2200, 32, "99", "1");
        trade(30000, 33, "10", "1");
        assertEquals(before + 1, sent().size());
        List<Envelope> gaps = journal.events("gaps");
        assertEquals(2, gaps.size());
        assertEquals("bars-1s", gaps.get(0).getGap().getGapChannel());
        assertTrue(gaps.get(1).getGap().getDetail().startsWith("2 trades"));
    }

    @Test
    void sumsAreExact() {
        trade(0, 1, "0.1", "0.1");
        trade(1, 2, "0.1", "0.000000000000000001");
        trade(2, 3, "0.1", "99999999999999999998");
        trade(5000, 4, "0.1", "1");
        assertEquals(
                "BTC-USDT 0 0.1 0.1 0.1 0.1 99999999999999999998.100000000000000001 n3 r0 incomplete", sent().get(0));
    }

    @Test
    void aVolumeThatDoesNotFitIsNamedAndItsBarSaysSo() {
        trade(0, 1, "1", "99999999999999999999");
        trade(1, 2, "2", "99999999999999999999");
        trade(5000, 3, "1", "1");
        assertEquals(1, journal.events("gaps").size());
        assertEquals(3, journal.events("trades").size());
        assertFalse(journal.events("bars-1s").get(0).getBar().getComplete());
    }

    @Test
    void intervalsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> Interval.of("1x"));
        assertThrows(IllegalArgumentException.class, () -> Interval.of("2h"));
        assertEquals(3_600_000_000_000L, Interval.of("60m").nanos());
        assertEquals(-60_000_000_000L, Interval.of("1m").start(-1));
    }
}
