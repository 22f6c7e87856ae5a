package io.tidemark.edge.venue.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.edge.Recordings;
import io.tidemark.edge.book.OrderBook;
import io.tidemark.edge.feed.IntakeRig;
import io.tidemark.edge.feed.NoListener;
import io.tidemark.edge.feed.Settings;
import io.tidemark.edge.log.MemoryJournal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recorded futures, message by message, whole and with a stretch cut out. */
class RecordedUsdmTest {
    private static final String FILE = "captures/binance-usdm/btcusdt_20240808.gz";

    @TempDir
    Path folder;

    private final MemoryJournal journal = new MemoryJournal("binance-usdm");
    private final Decimal38 bid = new Decimal38();
    private final Decimal38 ask = new Decimal38();

    private IntakeRig replay(int cutFrom, int cutTo) {
        BinancePlan plan = BinanceSite.BINANCE_USDM.plan(
                "binance",
                Settings.feed(Map.of("symbols", "BTCUSDT", "streams", "trade,bookTicker,depth@0ms")),
                mistake -> {
                    throw new AssertionError(mistake);
                });
        IntakeRig rig = new IntakeRig(
                folder,
                journal,
                recorder -> new NoListener(),
                recorder -> new BinanceVenue(plan, recorder, new Random(1)));
        rig.open();
        BinanceVenue venue = (BinanceVenue) rig.venue;
        int[] line = {0};
        Recordings.numberedLines(FILE, (time, text) -> {
            line[0]++;
            rig.clock.set(time);
            if (text.startsWith("{\"lastUpdateId\"")) {
                rig.answer(rig.questions.remove(), text);
            } else if (line[0] < cutFrom || line[0] >= cutTo) {
                rig.frame(text);
                notCrossed(venue);
            }
        });
        return rig;
    }

    private void notCrossed(BinanceVenue venue) {
        OrderBook book = venue.book("BTCUSDT");
        if (book != null) {
            book.bids.price(0, bid);
            book.asks.price(0, ask);
            assertTrue(bid.toBigDecimal().compareTo(ask.toBigDecimal()) < 0, "the book is crossed");
        }
    }

    @Test
    void theRecordedFuturesComeOutWhole() {
        IntakeRig rig = replay(Integer.MAX_VALUE, Integer.MAX_VALUE);
        assertEquals(Map.of(), rig.bad);
        assertEquals(93_953, journal.framesLogged());
        assertEquals(66_089, journal.events("quotes").size());
        assertEquals(21_313, journal.events("trades").size());
        List<Envelope> deltas = journal.events("book-deltas");
        assertEquals(6_551, deltas.size());
        assertEquals(List.of(), journal.events("gaps"));
        long inStep =
                deltas.stream().filter(e -> e.getBookDelta().getSynchronised()).count();
        assertEquals(rig.bookChecksPassed(), inStep);
        assertEquals(0, rig.bookChecksFailed());
        assertTrue(inStep > 4_000, inStep + " in step");
        assertEquals(
                1, rig.questions.size(), "the 1,000 levels of the one recorded snapshot were used up: asked again");
        for (int i = 1; i < deltas.size(); i++) {
            assertEquals(
                    deltas.get(i - 1).getBookDelta().getLastUpdateId(),
                    deltas.get(i).getBookDelta().getPreviousUpdateId());
        }
        assertTrue(journal.events("quotes").get(0).hasExchangeTime());
    }

    @Test
    void aStretchCutOutIsNamedOnceForEachChannel() {
        replay(40_000, 40_500);
        List<Envelope> gaps = journal.events("gaps");
        assertEquals(2, gaps.size(), "one of the trades, one of the book");
        for (Envelope gap : gaps) {
            assertEquals(GapReason.GAP_REASON_SEQUENCE, gap.getGap().getReason());
        }
        Envelope book = gaps.stream()
                .filter(g -> g.getGap().getGapChannel().equals("book-deltas"))
                .findFirst()
                .orElseThrow();
        long behind = journal.events("book-deltas").stream()
                .filter(e ->
                        e.getBookDelta().getPreviousUpdateId() == book.getGap().getReceivedId())
                .count();
        assertEquals(1, behind);
    }
}
