package io.tidemark.store.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Bar;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.NewsItem;
import io.tidemark.store.stack.Bars;
import io.tidemark.store.write.Inbound;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class BarDecoderTest {
    private static final InstantSource NOW = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
    private static final long NOW_NANOS = 1_767_225_600L * Bars.SECOND;

    private final BarFamily bars = new BarFamily("house", "1m", NOW, new SimpleMeterRegistry());

    private String refused(Envelope event) {
        return refused(event.toByteArray());
    }

    private String refused(byte[] value) {
        PreparedBars prepared = bars.prepare(List.of(new Inbound(0, null, value)));
        return prepared.rejected().isEmpty() ? "" : prepared.rejected().get(0).reason();
    }

    private String refusedBar(Consumer<Bar.Builder> change) {
        Envelope.Builder event = Bars.bar("BTC-USDT", Bars.AUGUST, "10");
        change.accept(event.getBarBuilder());
        return refused(event.build());
    }

    private BarRow accepted(Consumer<Envelope.Builder> change) {
        Envelope.Builder event = Bars.bar("BTC-USDT", Bars.AUGUST, "10");
        change.accept(event);
        PreparedBars prepared =
                bars.prepare(List.of(new Inbound(0, null, event.build().toByteArray())));
        assertEquals(List.of(), prepared.rejected());
        return prepared.rows().get(0);
    }

    @Test
    void aGoodBarPasses() {
        assertEquals("", refusedBar(bar -> {}));
    }

    @Test
    void whatCanNeverBeARowIsRefusedWithItsReason() {
        Envelope good = Bars.bar("BTC-USDT", Bars.AUGUST, "10").build();
        assertEquals("undecodable", refused(new byte[] {(byte) 0xff, 1, 2}));
        assertEquals(
                "schema-version", refused(good.toBuilder().setSchemaVersion(2).build()));
        assertEquals(
                "wrong-kind",
                refused(good.toBuilder().setNews(NewsItem.getDefaultInstance()).build()));
        assertEquals("missing-field", refused(good.toBuilder().clearSymbol().build()));
        assertEquals("missing-field", refused(good.toBuilder().clearSource().build()));
        assertEquals("missing-field", refused(good.toBuilder().clearEdge().build()));
        assertEquals("missing-field", refusedBar(Bar.Builder::clearVendor));
        assertEquals("missing-field", refusedBar(Bar.Builder::clearClose));
        assertEquals(
                "nul-in-text", refused(good.toBuilder().setSymbol("BTC\0USDT").build()));
        assertEquals(
                "too-long", refused(good.toBuilder().setSymbol("B".repeat(201)).build()));
        assertEquals("timeframe", refusedBar(bar -> bar.setTimeframe("soon")));
        assertEquals("time-out-of-range", refusedBar(bar -> bar.setOpenTime(-1)));
        assertEquals("time-out-of-range", refusedBar(bar -> bar.setOpenTime(NOW_NANOS + 86_401 * Bars.SECOND)));
        assertEquals("time-out-of-range", refusedBar(bar -> bar.setOpenTime(Bars.AUGUST + 1)));
        assertEquals("", refusedBar(bar -> bar.setOpenTime(NOW_NANOS + 86_399 * Bars.SECOND)));
        assertEquals("", refusedBar(bar -> bar.setOpenTime(0)));
        assertEquals("decimal", refusedBar(bar -> bar.setOpen(ByteString.copyFrom(new byte[] {19, 1}))));
        assertEquals("decimal", refusedBar(bar -> bar.setOpen(ByteString.copyFrom(new byte[] {1}))));
        assertEquals("impossible-bar", refusedBar(bar -> bar.setHigh(Events.decimal("9.999"))));
        assertEquals("impossible-bar", refusedBar(bar -> bar.setLow(Events.decimal("10.001"))));
        assertEquals("impossible-bar", refusedBar(bar -> bar.setOpen(Events.decimal("11"))));
        assertEquals("impossible-bar", refusedBar(bar -> bar.setVolume(Events.decimal("-1"))));
        assertEquals("too-large", refusedBar(bar -> bar.setTradeCount(-1)));
    }

    @Test
    void theSettingsFillInTenantAndTimeframeAndNothingElse() {
        BarRow row = accepted(event -> {
            event.clearTenant();
            event.getBarBuilder().clearTimeframe();
        });
        assertEquals("house", row.tenant());
        assertEquals("1m", row.timeframe());
    }

    @Test
    void onlyTheCloseHasToBeThere() {
        BarRow row = accepted(event ->
                event.getBarBuilder().clearOpen().clearHigh().clearLow().clearVolume());
        assertNull(row.open());
        assertNull(row.volume());
        assertEquals("10", row.close().toString());
    }

    @Test
    void noBytesWhateverBreakTheDecoder() {
        long seed = System.nanoTime();
        System.out.println("BarDecoderTest seed " + seed);
        Random random = new Random(seed);
        byte[] good = Bars.bar("BTC-USDT", Bars.AUGUST, "10").build().toByteArray();
        for (int i = 0; i < 20_000; i++) {
            byte[] broken = good.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            PreparedBars prepared = bars.prepare(List.of(new Inbound(i, null, broken)));
            assertEquals(1, prepared.rows().size() + prepared.rejected().size());
        }
    }
}
