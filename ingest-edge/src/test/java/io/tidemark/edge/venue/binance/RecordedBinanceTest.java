package io.tidemark.edge.venue.binance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.edge.Recordings;
import io.tidemark.edge.feed.EventRecorder;
import io.tidemark.edge.feed.IntakeRig;
import io.tidemark.edge.feed.NoListener;
import io.tidemark.edge.log.MemoryJournal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two recorded stretches of 2024, message by message. */
class RecordedBinanceTest {
    @TempDir
    Path folder;

    private final BinanceMessage look = new BinanceMessage();

    @Test
    void theRecordedDayComesOutWholeAndTheBookNeverCrosses() {
        MemoryJournal journal = new MemoryJournal("binance");
        IntakeRig rig = new IntakeRig(folder, journal, recorder -> new NoListener(), this::venue);
        rig.open();
        BinanceVenue venue = (BinanceVenue) rig.venue;
        long[] lines = new long[2];
        long[] compared = new long[1];
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
                compared[0] += compareTop(venue, text);
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
        assertTrue(compared[0] > 1000, "top of book was compared " + compared[0] + " times");
    }

    private BinanceVenue venue(EventRecorder recorder) {
        return new BinanceVenue(
                BinanceVenueTest.plan(Map.of("symbols", "BTCUSDT", "depth", "5000")), recorder, new Random(1));
    }

    /** An update id that both streams reached: the book must show what the venue says of its top. */
    private long compareTop(BinanceVenue venue, String text) {
        OrderBook book = venue.book("BTCUSDT");
        if (book == null) {
            return 0;
        }
        Decimal38 bid = new Decimal38();
        Decimal38 ask = new Decimal38();
        book.bids.price(0, bid);
        book.asks.price(0, ask);
        assertTrue(bid.compareTo(ask) < 0, "the book is crossed: " + bid + " " + ask);
        if (!text.contains("bookTicker")) {
            return 0;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            look.parse(bytes, 0, bytes.length);
            if (look.fields.id('u') != venue.updateId("BTCUSDT")) {
                return 0;
            }
            Decimal38 told = new Decimal38();
            look.fields.decimal('b', told);
            assertEquals(0, told.compareTo(bid), text);
            look.fields.decimal('a', told);
            assertEquals(0, told.compareTo(ask), text);
            Decimal38 size = new Decimal38();
            look.fields.decimal('B', told);
            book.bids.size(0, size);
            assertEquals(0, told.compareTo(size), text);
            return 1;
        } catch (io.tidemark.edge.feed.BadFrameException e) {
            throw new AssertionError(text, e);
        }
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
