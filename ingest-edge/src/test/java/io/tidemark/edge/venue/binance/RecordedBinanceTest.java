package io.tidemark.edge.venue.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.edge.Recordings;
import io.tidemark.edge.book.OrderBook;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.EventRecorder;
import io.tidemark.edge.feed.IntakeRig;
import io.tidemark.edge.feed.NoListener;
import io.tidemark.edge.log.MemoryJournal;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two recorded stretches of 2024, message by message. */
class RecordedBinanceTest {
    @TempDir
    Path folder;

    private final BinanceMessage look = new BinanceMessage();
    private final Deque<Top> unproven = new ArrayDeque<>();
    private final NavigableMap<Long, Top> told = new TreeMap<>();
    private long equal;
    private long different;

    @Test
    void theRecordedDayComesOutWholeAndTheBookNeverCrosses() {
        MemoryJournal journal = new MemoryJournal("binance");
        IntakeRig rig = new IntakeRig(folder, journal, recorder -> new NoListener(), this::venue);
        rig.open();
        BinanceVenue venue = (BinanceVenue) rig.venue;
        long[] lines = new long[2];
        for (String file : List.of("btcusdt_20240808.gz", "btcusdt_20240809.gz")) {
            Recordings.numberedLines("captures/binance-spot/" + file, (time, text) -> {
                rig.clock.set(time);
                if (text.startsWith("{\"lastUpdateId\"")) {
                    lines[1]++;
                    rig.answer(rig.questions.remove(), text);
                    return;
                }
                lines[0]++;
                rig.frame(text);
                lookAtTop(venue, text);
            });
        }
        assertEquals(99_573, lines[0]);
        assertEquals(1, lines[1]);
        assertEquals(Map.of(), rig.bad);
        assertEquals(99_574, journal.events("frames").size());
        assertEquals(99_573, journal.framesLogged());
        assertEquals(28_040 + 45_134, journal.events("quotes").size());
        assertEquals(9_757 + 10_147, journal.events("trades").size());
        assertEquals(3_451 + 3_044, journal.events("book-deltas").size());
        assertEquals(1, journal.events("book-snapshots").size());
        assertEquals(0, journal.events("gaps").size(), "ids are contiguous over both files");
        tradeIdsAreContiguous(journal.events("trades"));
        long inStep = journal.events("book-deltas").stream()
                .filter(e -> e.getBookDelta().getSynchronised())
                .count();
        assertEquals(3_451 + 3_044 - 3, inStep, "all but the three before the snapshot");
        // An independent script counts the same; twice the venue left out a state that lasted for a few updates.
        assertEquals(6_489, equal);
        assertEquals(2, different);
    }

    private BinanceVenue venue(EventRecorder recorder) {
        return new BinanceVenue(
                BinanceVenueTest.plan(Map.of("symbols", "BTCUSDT", "depth", "5000")), recorder, new Random(1));
    }

    private record Top(long updateId, BigDecimal bid, BigDecimal bidSize, BigDecimal ask, BigDecimal askSize) {
        boolean sameLevels(Top other) {
            return bid.compareTo(other.bid) == 0
                    && bidSize.compareTo(other.bidSize) == 0
                    && ask.compareTo(other.ask) == 0
                    && askSize.compareTo(other.askSize) == 0;
        }
    }

    /**
     * What the venue says of its top of book is an oracle of the book built here: behind a change of depth up to
     * update L stands the top of the last bookTicker up to L.
     */
    private void lookAtTop(BinanceVenue venue, String text) {
        if (text.contains("bookTicker")) {
            Top now = told(text);
            told.put(now.updateId, now);
        }
        OrderBook book = venue.book("BTCUSDT");
        if (book == null) {
            return;
        }
        Top built = top(book, venue.updateId("BTCUSDT"));
        assertTrue(built.bid.compareTo(built.ask) < 0, "the book is crossed: " + built);
        if (text.contains("depthUpdate")) {
            unproven.addLast(built);
        }
        while (!unproven.isEmpty() && !told.isEmpty() && unproven.getFirst().updateId < told.lastKey()) {
            Top one = unproven.removeFirst();
            Map.Entry<Long, Top> before = told.floorEntry(one.updateId);
            if (before != null) {
                if (before.getValue().sameLevels(one)) {
                    equal++;
                } else {
                    different++;
                }
                told.headMap(before.getKey()).clear();
            }
        }
    }

    private static Top top(OrderBook book, long updateId) {
        Decimal38 number = new Decimal38();
        book.bids.price(0, number);
        BigDecimal bid = plain(number);
        book.bids.size(0, number);
        BigDecimal bidSize = plain(number);
        book.asks.price(0, number);
        BigDecimal ask = plain(number);
        book.asks.size(0, number);
        return new Top(updateId, bid, bidSize, ask, plain(number));
    }

    private Top told(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            look.parse(bytes, 0, bytes.length);
            return new Top(look.fields.id('u'), field('b'), field('B'), field('a'), field('A'));
        } catch (BadFrameException e) {
            throw new AssertionError(text, e);
        }
    }

    private BigDecimal field(char letter) throws BadFrameException {
        Decimal38 number = new Decimal38();
        look.fields.decimal(letter, number);
        return plain(number);
    }

    private static BigDecimal plain(Decimal38 number) {
        return number.toBigDecimal().stripTrailingZeros();
    }

    private static void tradeIdsAreContiguous(List<Envelope> trades) {
        long last = 0;
        for (Envelope event : trades) {
            long id = Long.parseLong(event.getTrade().getTradeId());
            assertTrue(last == 0 || id == last + 1, "trade " + id + " after " + last);
            last = id;
            assertTrue(Events.decimal(event.getTrade().getPrice()).signum() > 0);
        }
    }
}
