package io.tidemark.edge.feed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.log.MemoryJournal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every venue keeps, whatever its protocol. A venue's test inherits this and says how its messages look. */
public abstract class VenueContract {
    @TempDir
    protected Path folder;

    protected MemoryJournal journal;
    protected IntakeRig rig;

    protected abstract VenueProtocol protocol();

    /** Of a feed that records trades and books of two instruments. */
    protected abstract Map<String, String> settings();

    /** The symbol of {@link #trade}, BASE-QUOTE. */
    protected abstract String symbol();

    /** The messages with which a connection begins: acknowledgements, snapshots. */
    protected abstract List<String> beginning();

    /** A message with one new trade; each call is the next message of the connection. */
    protected abstract String trade(String price, String size);

    /** A message of each kind, good if put in behind {@link #beginning} in this order. */
    protected abstract List<String> samples();

    /** The next message of the connection: good, but of an instrument that was not asked for. */
    protected abstract String unknownSymbol();

    /** The next message of the connection: of a kind that the venue does not document. */
    protected abstract String unknownType();

    /** The settings with one more instrument. */
    protected abstract Map<String, String> moreSettings();

    protected final VenuePlan plan(Map<String, String> settings) {
        List<String> mistakes = new ArrayList<>();
        VenuePlan plan = protocol().plan("binance", Settings.feed(settings), mistakes::add);
        assertEquals(List.of(), mistakes);
        return plan;
    }

    @BeforeEach
    void connect() {
        begin(settings());
    }

    protected final void begin(Map<String, String> settings) {
        journal = new MemoryJournal("binance");
        rig = new IntakeRig(
                folder,
                journal,
                recorder -> new NoListener(),
                recorder -> plan(settings).open(recorder, new Random(1)));
        rig.open();
        beginning().forEach(rig::frame);
        assertEquals(Map.of(), rig.bad);
    }

    protected final List<Envelope> trades() {
        return journal.events("trades");
    }

    protected static String text(com.google.protobuf.ByteString decimal) {
        return Events.decimal(decimal).toBigDecimal().toPlainString();
    }

    private Envelope lastTrade() {
        List<Envelope> trades = trades();
        return trades.get(trades.size() - 1);
    }

    @Test
    void numbersAreKeptAsSpelled() {
        rig.frame(trade("61837.63000000", "0.020"));
        Envelope event = lastTrade();
        assertEquals(symbol(), event.getSymbol());
        assertEquals("61837.63000000", text(event.getTrade().getPrice()));
        assertEquals("0.020", text(event.getTrade().getSize()));
        assertTrue(event.hasExchangeTime());
    }

    @Test
    void exponentsComeOutExact() {
        rig.frame(trade("9.9E-7", "6e3"));
        assertEquals("0.00000099", text(lastTrade().getTrade().getPrice()));
        assertEquals(
                0,
                Events.decimal(lastTrade().getTrade().getSize())
                        .toBigDecimal()
                        .compareTo(new java.math.BigDecimal(6000)));
    }

    @Test
    void theWidestNumberThatFitsIsExact() {
        rig.frame(trade("99999999999999999999.999999999999999999", "0.000000000000000001"));
        assertEquals(
                "99999999999999999999.999999999999999999",
                text(lastTrade().getTrade().getPrice()));
        assertEquals("0.000000000000000001", text(lastTrade().getTrade().getSize()));
    }

    @Test
    void whatDoesNotFitGoesToQuarantineAndTheConnectionLives() {
        int before = trades().size();
        for (String bad : List.of("1.0000000000000000001", "100000000000000000000")) {
            rig.frame(trade(bad, "1"));
        }
        assertEquals(Map.of(Reason.NUMBER_OUT_OF_RANGE, 2), rig.bad);
        assertEquals(before, trades().size());
        rig.frame(trade("1", "1"));
        assertEquals(before + 1, trades().size());
        assertEquals(2, rig.quarantine.count());
    }

    @Test
    void whatIsNoNumberGoesToQuarantine() {
        for (String bad : List.of("NaN", "Infinity", "1.2.3", "0x10", "-1", "1e999999999")) {
            rig.frame(trade("1", bad));
        }
        assertEquals(6, rig.quarantine.count());
        assertEquals(6, rig.bad.values().stream().mapToInt(Integer::intValue).sum());
    }

    @Test
    void rubbishGoesToQuarantineWithItsBytes() {
        byte[][] rubbish = {
            {},
            {0},
            {(byte) 0xff, (byte) 0xfe},
            "hello".getBytes(StandardCharsets.UTF_8),
            "{".getBytes(StandardCharsets.UTF_8),
            "[]".getBytes(StandardCharsets.UTF_8),
            "{}".getBytes(StandardCharsets.UTF_8),
            "null".getBytes(StandardCharsets.UTF_8)
        };
        int frames = journal.events("frames").size();
        for (byte[] bytes : rubbish) {
            rig.frame(bytes, 0, bytes.length);
        }
        assertEquals(rubbish.length, rig.quarantine.count());
        List<Envelope> recorded = journal.events("frames");
        assertEquals(frames + rubbish.length, recorded.size());
        for (int i = 0; i < rubbish.length; i++) {
            assertArrayEquals(
                    rubbish[i], recorded.get(frames + i).getFrame().getPayload().toByteArray());
        }
    }

    @Test
    void anInstrumentThatWasNotAskedForGoesToQuarantine() {
        rig.frame(unknownSymbol());
        assertEquals(Map.of(Reason.UNKNOWN_SYMBOL, 1), rig.bad);
    }

    @Test
    void anUnknownKindOfMessageGoesToQuarantine() {
        rig.frame(unknownType());
        assertEquals(Map.of(Reason.UNKNOWN_TYPE, 1), rig.bad);
    }

    @Test
    void everySampleIsGoodAndRecordedByteForByte() {
        List<String> samples = samples();
        int frames = journal.events("frames").size();
        samples.forEach(rig::frame);
        assertEquals(Map.of(), rig.bad);
        List<Envelope> recorded = journal.events("frames");
        assertEquals(frames + samples.size(), recorded.size());
        for (int i = 0; i < samples.size(); i++) {
            assertEquals(
                    samples.get(i),
                    recorded.get(frames + i).getFrame().getPayload().toStringUtf8());
        }
    }

    /** Whatever is cut or changed: the frame is recorded, nothing else breaks, and the next good message counts. */
    @Test
    void aDamagedMessageHarmsNoOther() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (String sample : samples()) {
            byte[] good = sample.getBytes(StandardCharsets.UTF_8);
            for (int round = 0; round < 200; round++) {
                byte[] bytes = good.clone();
                int length = random.nextInt(bytes.length);
                if (random.nextBoolean()) {
                    length = bytes.length;
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                rig.frame(bytes, 0, length);
            }
        }
        assertFalse(rig.bad.containsKey(Reason.INTERNAL_ERROR), "seed " + seed + ": " + rig.bad);
        int before = trades().size();
        rig.lose();
        rig.open();
        beginning().forEach(rig::frame);
        rig.frame(trade("2", "3"));
        assertTrue(trades().size() > before, "seed " + seed);
    }

    @Test
    void aNewConnectionSubscribesAgain() {
        List<String> first = List.copyOf(rig.sent);
        String address = rig.venue.address();
        rig.sent.clear();
        rig.lose();
        rig.open();
        assertEquals(address, rig.venue.address());
        assertEquals(first.size(), rig.sent.size());
    }

    @Test
    void anotherInstrumentIsSubscribedOnTheStandingConnection() {
        rig.sent.clear();
        rig.venue.change(plan(moreSettings()));
        rig.runLater();
        assertFalse(rig.sent.isEmpty());
        List<String> added = List.copyOf(rig.sent);
        rig.sent.clear();
        rig.venue.change(plan(settings()));
        rig.runLater();
        assertFalse(rig.sent.isEmpty());
        assertFalse(added.equals(rig.sent));
        int before = trades().size();
        rig.frame(trade("2", "3"));
        assertEquals(before + 1, trades().size());
        assertEquals(List.of(), rig.renewals);
    }

    @Test
    void mistakesInTheSettingsAreNamed() {
        List<String> mistakes = new ArrayList<>();
        Map<String, String> wrong = new HashMap<>(settings());
        wrong.put("symbols", "???");
        wrong.put("streams", "nonsense");
        wrong.put("url", "ftp://somewhere");
        protocol().plan("binance", Settings.feed(wrong), mistakes::add);
        for (String property : List.of("symbols", "streams", "url")) {
            assertTrue(
                    mistakes.stream().anyMatch(m -> m.startsWith("edge.feeds.binance." + property + ":")),
                    property + ": " + mistakes);
        }
    }
}
