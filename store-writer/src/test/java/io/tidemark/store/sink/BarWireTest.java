package io.tidemark.store.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Bar;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.store.stack.Bars;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the short way reads is what the generated classes read; everything else it leaves to them. */
class BarWireTest {
    private static final int BROKEN = 200_000;

    private final BarWire wire = new BarWire(new TextCache());

    private static void assertSame(Envelope event, BarWire wire) {
        Bar bar = event.getBar();
        assertEquals(event.getSchemaVersion(), wire.schemaVersion);
        assertEquals(event.getTenant(), wire.tenant);
        assertEquals(event.getEdge(), wire.edge);
        assertEquals(event.getSource(), wire.source);
        assertEquals(event.getSymbol(), wire.symbol);
        assertEquals(bar.getTimeframe(), wire.timeframe);
        assertEquals(bar.getVendor(), wire.vendor);
        assertEquals(bar.getOpenTime(), wire.openTime);
        assertEquals(bar.getTradeCount(), wire.tradeCount);
        assertEquals(bar.getRevision(), wire.revision);
        assertEquals(bar.getComplete(), wire.complete);
        assertEquals(bar.getRounded(), wire.rounded);
        assertEquals(text(bar.getOpen()), String.valueOf(wire.open));
        assertEquals(text(bar.getHigh()), String.valueOf(wire.high));
        assertEquals(text(bar.getLow()), String.valueOf(wire.low));
        assertEquals(text(bar.getClose()), String.valueOf(wire.close));
        assertEquals(text(bar.getVolume()), String.valueOf(wire.volume));
        assertEquals(text(bar.getQuoteVolume()), String.valueOf(wire.quoteVolume));
    }

    private static String text(ByteString decimal) {
        return decimal.isEmpty() ? "null" : Events.decimal(decimal).toString();
    }

    @Test
    void everyFieldOfAGoodBarIsRead() {
        Envelope.Builder event = Bars.bar("ÄÖ€\uD83D\uDE00-USD", Bars.AUGUST, "61234.10");
        event.setExchangeTime(-5).setSequence(-1);
        event.getBarBuilder()
                .setQuoteVolume(Events.decimal("-99999999999999999999.999999999999999999"))
                .setRevision(-1)
                .setRounded(true);
        assertTrue(wire.read(event.build().toByteArray()));
        assertSame(event.build(), wire);
        Envelope second = Bars.bar("B-USD", Bars.AUGUST, "1").build();
        assertTrue(wire.read(second.toByteArray()));
        assertSame(second, wire);
    }

    @Test
    void twoBarsInOneRecordAreLeftToTheGeneratedClasses() {
        byte[] one = Bars.bar("A-USD", Bars.AUGUST, "1").build().toByteArray();
        byte[] twice = ByteString.copyFrom(one).concat(ByteString.copyFrom(one)).toByteArray();
        assertFalse(wire.read(twice));
        assertFalse(wire.read(new byte[0]));
    }

    @Test
    void brokenBytesAreReadAlikeOrNotAtAll() {
        long seed = System.nanoTime();
        System.out.println("BarWireTest seed " + seed);
        Random random = new Random(seed);
        Envelope.Builder event = Bars.bar("ÄB-USDT", Bars.AUGUST, "10.25").setSequence(7);
        event.getBarBuilder().setQuoteVolume(Events.decimal("1.0")).setRevision(3);
        byte[] good = event.build().toByteArray();
        int alike = 0;
        for (int i = 0; i < BROKEN; i++) {
            byte[] broken = good.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            if (wire.read(broken)) {
                try {
                    assertSame(Envelope.parseFrom(broken), wire);
                    alike++;
                } catch (InvalidProtocolBufferException e) {
                    throw new AssertionError("read what is no message", e);
                }
            }
        }
        assertTrue(alike > BROKEN / 10, "only " + alike + " were read at all");
    }
}
