package io.tidemark.edge.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.contracts.proto.Side;
import io.tidemark.edge.Recordings;
import io.tidemark.edge.Recordings.Received;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.venue.VenueRig;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recorded half minute of 2021, message by message. */
class RecordedCoinbaseTest {
    private static final Map<String, String> SETTINGS = Map.of("symbols", "SKL-USD,DASH-BTC,CRV-EUR,YFI-BTC,BAND-GBP");

    @TempDir
    Path folder;

    private static List<Received> recording() {
        return Recordings.textLog("captures/coinbase-exchange/COINBASE.ws.28.0.gz");
    }

    @Test
    void theRecordedMinuteComesOutWhole() {
        VenueRig venue = new VenueRig(folder, Coinbase.PROTOCOL, SETTINGS).play(recording());
        assertEquals(Map.of(), venue.rig.bad);
        assertEquals(6_305, venue.count("frames"));
        assertEquals(5, venue.count("book-snapshots"));
        assertEquals(6_145, venue.count("book-deltas"));
        assertEquals(6_145, venue.inStep());
        assertEquals(76, venue.count("tickers"));
        assertEquals(76, venue.count("quotes"));
        assertEquals(71 + 5, venue.count("trades"));
        assertEquals(0, venue.count("gaps"));
        assertEquals(
                5,
                venue.events("trades").stream()
                        .filter(event -> event.getTrade().getRepeatedByVenue())
                        .count());
        assertEquals(0, venue.rig.bookChecksPassed(), "the venue offers nothing to check a book with");
        takersLiftTheOtherSide(venue);
        barsHoldWhatTheTradesHold(venue);
    }

    /** The last trade of a ticker has the taker's side, the match itself the maker's. */
    private static void takersLiftTheOtherSide(VenueRig venue) {
        Envelope first = venue.events("trades").get(0);
        assertEquals("881613", first.getTrade().getTradeId());
        assertEquals(Side.SIDE_BUY, first.getTrade().getSide());
    }

    private static void barsHoldWhatTheTradesHold(VenueRig venue) {
        venue.rig.end();
        BigDecimal traded = venue.events("trades").stream()
                .filter(event -> !event.getTrade().getRepeatedByVenue())
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
    void aMissingTradeIsAGapAndItsBookIsAskedForAnew() {
        List<Received> all = recording();
        List<Received> cut = new ArrayList<>();
        int matches = 0;
        Received snapshot = null;
        for (Received message : all) {
            boolean ofProduct = message.text().contains("\"product_id\":\"SKL-USD\"");
            if (ofProduct && message.text().startsWith("{\"type\":\"snapshot\"")) {
                snapshot = message;
            }
            if (ofProduct && message.text().startsWith("{\"type\":\"match\"") && ++matches == 3) {
                continue;
            }
            cut.add(message);
        }
        assertTrue(matches > 4 && snapshot != null, matches + " matches");
        VenueRig venue = new VenueRig(folder, Coinbase.PROTOCOL, SETTINGS);
        venue.drain();
        venue.rig.sent.clear();
        venue.play(cut);
        List<Envelope> gaps = venue.events("gaps");
        assertEquals(2, gaps.size(), "of the trades and of the book");
        for (Envelope gap : gaps) {
            assertEquals("SKL-USD", gap.getSymbol());
            assertEquals(GapReason.GAP_REASON_SEQUENCE, gap.getGap().getReason());
        }
        assertEquals(
                gaps.get(0).getGap().getExpectedId() + 1, gaps.get(0).getGap().getReceivedId());
        assertTrue(venue.inStep() < 6_145);
        venue.drain();
        assertEquals(
                List.of(
                        "{\"type\":\"unsubscribe\",\"product_ids\":[\"SKL-USD\"],\"channels\":[\"level2_batch\"]}",
                        "{\"type\":\"subscribe\",\"product_ids\":[\"SKL-USD\"],\"channels\":[\"level2_batch\"]}"),
                venue.rig.sent);
        venue.rig.frame(snapshot.text());
        assertEquals(6, venue.count("sessions"), "in step again");
    }

    @Test
    void aChangeThatCannotBeReadIsToldAsAGapOfItsBook() {
        List<Received> all = new ArrayList<>(recording());
        for (int i = 1_000; ; i++) {
            Received message = all.get(i);
            if (message.text().startsWith("{\"type\":\"l2update\",\"product_id\":\"SKL-USD\"")) {
                all.set(i, new Received(message.time(), message.text().replace("\"]],", "x\"]],")));
                break;
            }
        }
        VenueRig venue = new VenueRig(folder, Coinbase.PROTOCOL, SETTINGS).play(all);
        assertEquals(Map.of(Reason.BAD_NUMBER, 1), venue.rig.bad);
        assertEquals(1, venue.count("gaps"));
        assertEquals("SKL-USD", venue.events("gaps").get(0).getSymbol());
        assertEquals("book-deltas", venue.events("gaps").get(0).getGap().getGapChannel());
        assertEquals(6_144, venue.count("book-deltas"));
        assertTrue(venue.inStep() < 6_000);
    }

    @Test
    void aTradeThatWasMissedWithoutAConnectionComesAsTheLastMatch() {
        List<Received> all = recording();
        VenueRig venue = new VenueRig(folder, Coinbase.PROTOCOL, SETTINGS).play(all);
        Envelope last = venue.events("trades").stream()
                .filter(event -> event.getSymbol().equals("SKL-USD"))
                .reduce((a, b) -> b)
                .orElseThrow();
        venue.rig.lose();
        venue.rig.open();
        long id = Long.parseLong(last.getTrade().getTradeId());
        int before = venue.count("trades");
        venue.rig.frame("{\"type\":\"last_match\",\"trade_id\":" + (id + 3)
                + ",\"side\":\"sell\",\"size\":\"1\",\"price\":\"0.79\",\"product_id\":\"SKL-USD\","
                + "\"time\":\"2021-04-17T16:44:30.000000Z\"}");
        assertEquals(before + 1, venue.count("trades"));
        assertEquals(false, venue.events("trades").get(before).getTrade().getRepeatedByVenue());
        assertEquals(1, venue.count("gaps"));
        assertEquals(id + 1, venue.events("gaps").get(0).getGap().getExpectedId());
    }
}
