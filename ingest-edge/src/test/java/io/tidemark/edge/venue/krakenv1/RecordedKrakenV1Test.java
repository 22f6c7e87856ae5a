package io.tidemark.edge.venue.krakenv1;

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

/** The recorded half minute of 2021, message by message. */
class RecordedKrakenV1Test {
    static final Map<String, String> SETTINGS = Map.of(
            "symbols",
            "WAVES/EUR,XMR/USD,KSM/XBT,GRT/ETH,SC/EUR,ETH/CHF,OCEAN/XBT,OMG/USD,XBT/CHF,ADA/XBT",
            "streams",
            "trade,ticker,book");

    @TempDir
    Path folder;

    private static List<Received> recording() {
        return Recordings.jsonLines("captures/kraken-v1/KRAKEN.jsonl.zst");
    }

    @Test
    void theRecordedMinuteComesOutWholeAndEveryChecksumIsReproduced() {
        VenueRig venue = new VenueRig(folder, KrakenV1.PROTOCOL, SETTINGS).play(recording());
        assertEquals(Map.of(), venue.rig.bad);
        assertEquals(4_430, venue.count("frames"));
        assertEquals(10, venue.count("book-snapshots"));
        assertEquals(4_269, venue.count("book-deltas"));
        assertEquals(4_269, venue.inStep());
        assertEquals(4_269, venue.rig.bookChecksPassed());
        assertEquals(0, venue.rig.bookChecksFailed());
        assertEquals(18, venue.count("tickers"));
        assertEquals(18, venue.count("quotes"), "there are no spreads, so the tickers are the quotes");
        assertEquals(10, venue.count("trades"));
        assertEquals(10, venue.count("sessions"), "a book each");
        assertEquals(0, venue.count("gaps"));
        assertEquals(
                List.of(
                        "ADA-BTC",
                        "BTC-CHF",
                        "ETH-CHF",
                        "GRT-ETH",
                        "KSM-BTC",
                        "OCEAN-BTC",
                        "OMG-USD",
                        "SC-EUR",
                        "WAVES-EUR",
                        "XMR-USD"),
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
        int changes = 0;
        Received snapshot = null;
        for (Received message : all) {
            boolean ofPair =
                    message.text().contains("\"XBT/CHF\"]") && message.text().contains("book-1000");
            if (ofPair && message.text().contains("\"as\"")) {
                snapshot = message;
            } else if (ofPair && ++changes > 20 && changes <= 30) {
                continue;
            }
            cut.add(message);
        }
        assertTrue(changes > 100 && snapshot != null, changes + " changes");
        VenueRig venue = new VenueRig(folder, KrakenV1.PROTOCOL, SETTINGS);
        venue.drain();
        assertEquals(3, venue.rig.sent.size(), "one request per stream");
        venue.rig.sent.clear();
        venue.play(cut);
        assertEquals(1, venue.rig.bookChecksFailed(), "told once, not with every change behind it");
        Envelope gap = venue.events("gaps").get(0);
        assertEquals(1, venue.count("gaps"));
        assertEquals("BTC-CHF", gap.getSymbol());
        assertEquals(GapReason.GAP_REASON_CHECKSUM, gap.getGap().getReason());
        assertEquals("book-deltas", gap.getGap().getGapChannel());
        assertTrue(gap.getGap().getFromTime() <= gap.getGap().getToTime());
        long out = venue.count("book-deltas") - venue.inStep();
        assertTrue(out > 0 && out <= changes - 30, out + " changes out of step");
        venue.drain();
        assertEquals(
                List.of(
                        "{\"event\":\"unsubscribe\",\"pair\":[\"XBT/CHF\"],\"subscription\":{\"name\":\"book\",\"depth\":1000}}",
                        "{\"event\":\"subscribe\",\"pair\":[\"XBT/CHF\"],\"subscription\":{\"name\":\"book\",\"depth\":1000}}"),
                venue.rig.sent);
        venue.rig.frame(snapshot.text());
        assertEquals(11, venue.count("sessions"), "in step again");
    }

    @Test
    void aBookSurvivesALostConnectionWhenNothingWasMissed() {
        List<Received> all = recording();
        int half = all.size() / 2;
        VenueRig venue = new VenueRig(folder, KrakenV1.PROTOCOL, SETTINGS).play(all.subList(0, half));
        venue.rig.lose();
        venue.rig.open();
        venue.play(all.subList(half, all.size()));
        assertEquals(4_269, venue.rig.bookChecksPassed());
        assertEquals(4_269, venue.inStep());
    }

    @Test
    void whatWasMissedWithoutAConnectionIsNoFailedCheck() {
        List<Received> all = recording();
        int half = all.size() / 2;
        VenueRig venue = new VenueRig(folder, KrakenV1.PROTOCOL, SETTINGS).play(all.subList(0, half));
        venue.rig.lose();
        venue.rig.open();
        venue.play(all.subList(half + 200, all.size()));
        assertEquals(0, venue.rig.bookChecksFailed());
        assertEquals(0, venue.count("gaps"), "the feed itself tells of the lost connection");
        assertTrue(venue.inStep() < 4_000);
    }
}
