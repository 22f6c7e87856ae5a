package io.tidemark.contracts.event;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.proto.Bar;
import io.tidemark.contracts.proto.BookDelta;
import io.tidemark.contracts.proto.BookSnapshot;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Frame;
import io.tidemark.contracts.proto.FrameKind;
import io.tidemark.contracts.proto.Gap;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.contracts.proto.Levels;
import io.tidemark.contracts.proto.Quote;
import io.tidemark.contracts.proto.Side;
import io.tidemark.contracts.proto.Trade;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Holds the hand-written encoder against the generated classes: the same bytes, not only the same values. */
class EventEncoderTest {
    private static final long SEED = Long.getLong("tidemark.seed", 7L);
    private static final long RECEIVED = 1_723_161_254_087_896_568L;
    private static final long TRADED = 1_723_161_255_342_000_000L;

    private final EventEncoder encoder = new EventEncoder();

    private static StreamHead head(String channel) {
        return new StreamHead("default", "pi-1", 3, "binance", channel, "BTC-USDT", "BTCUSDT", Connector.WS);
    }

    private static Envelope.Builder envelope(String channel, long sequence) {
        return Envelope.newBuilder()
                .setSchemaVersion(StreamHead.SCHEMA_VERSION)
                .setTenant("default")
                .setEdge("pi-1")
                .setIncarnation(3)
                .setSource("binance")
                .setChannel(channel)
                .setSymbol("BTC-USDT")
                .setVenueSymbol("BTCUSDT")
                .setConnector("ws")
                .setSequence(sequence)
                .setReceiveTime(RECEIVED);
    }

    private void assertEncoded(Envelope expected) {
        assertArrayEquals(expected.toByteArray(), Arrays.copyOf(encoder.array(), encoder.length()));
    }

    @Test
    void aTradeHasTheGeneratedClassesBytes() {
        encoder.trade(
                head("trades"),
                17,
                RECEIVED,
                TRADED,
                "3735683259",
                Decimal38.of("61837.63000000"),
                Decimal38.of("0.02000000"),
                Side.SIDE_SELL,
                EventEncoder.ABSENT,
                5,
                false);
        assertEncoded(envelope("trades", 17)
                .setExchangeTime(TRADED)
                .setTrade(Trade.newBuilder()
                        .setTradeId("3735683259")
                        .setPrice(Events.decimal("61837.63000000"))
                        .setSize(Events.decimal("0.02000000"))
                        .setSide(Side.SIDE_SELL)
                        .setLastTradeId(5))
                .build());
    }

    @Test
    void absentPricesAndAnExchangeTimeOfZeroAreToldApartFromNothing() {
        encoder.quote(head("quotes"), 0, RECEIVED, 0, null, null, Decimal38.of("0"), Decimal38.of("1.50"), 0);
        Envelope expected = envelope("quotes", 0)
                .setExchangeTime(0)
                .setQuote(Quote.newBuilder()
                        .setAskPrice(Events.decimal("0"))
                        .setAskSize(Events.decimal("1.50"))
                        .setUpdateId(0))
                .build();
        assertEncoded(expected);
        assertEquals(false, expected.getQuote().hasBidPrice());
    }

    @Test
    void randomBookMessagesHaveTheGeneratedClassesBytes() {
        System.out.println("EventEncoderTest seed " + SEED);
        Random random = new Random(SEED);
        LevelList bids = new LevelList();
        LevelList asks = new LevelList();
        for (int round = 0; round < 300; round++) {
            Levels.Builder bidColumns = Levels.newBuilder();
            Levels.Builder askColumns = Levels.newBuilder();
            fill(bids, bidColumns, random);
            fill(asks, askColumns, random);
            boolean synchronised = random.nextBoolean();
            encoder.bookDelta(
                    head("book-deltas"),
                    round,
                    RECEIVED,
                    TRADED,
                    1,
                    round,
                    EventEncoder.ABSENT,
                    bids,
                    asks,
                    -5,
                    synchronised);
            assertEncoded(envelope("book-deltas", round)
                    .setExchangeTime(TRADED)
                    .setBookDelta(BookDelta.newBuilder()
                            .setFirstUpdateId(1)
                            .setLastUpdateId(round)
                            .setBids(bidColumns)
                            .setAsks(askColumns)
                            .setChecksum(-5)
                            .setSynchronised(synchronised))
                    .build());
            encoder.bookSnapshot(
                    head("book-snapshots"),
                    round,
                    RECEIVED,
                    EventEncoder.ABSENT,
                    round,
                    bids,
                    asks,
                    EventEncoder.ABSENT);
            assertEncoded(envelope("book-snapshots", round)
                    .setBookSnapshot(BookSnapshot.newBuilder()
                            .setLastUpdateId(round)
                            .setBids(bidColumns)
                            .setAsks(askColumns))
                    .build());
        }
    }

    private static void fill(LevelList list, Levels.Builder columns, Random random) {
        list.clear();
        int levels = random.nextInt(200);
        if (levels > 0) {
            columns.setPriceScale(2).setSizeScale(8);
        }
        for (int i = 0; i < levels; i++) {
            long price = random.nextInt(100_000_000);
            long size = random.nextLong() >>> random.nextInt(64);
            list.add(Decimal38.of(price, 2), Decimal38.of(size, 8));
            columns.addPrices(price).addSizes(size);
        }
    }

    @Test
    void levelsOfMixedScalesShareTheLargest() {
        LevelList bids = new LevelList();
        bids.add(Decimal38.of("1.5"), Decimal38.of("7"));
        bids.add(Decimal38.of("1.25"), Decimal38.of("0.001"));
        encoder.bookSnapshot(head("book-snapshots"), 0, RECEIVED, 1, 1, bids, new LevelList(), EventEncoder.ABSENT);
        assertEncoded(envelope("book-snapshots", 0)
                .setExchangeTime(1)
                .setBookSnapshot(BookSnapshot.newBuilder()
                        .setLastUpdateId(1)
                        .setBids(Levels.newBuilder()
                                .setPriceScale(2)
                                .setSizeScale(3)
                                .addPrices(150)
                                .addPrices(125)
                                .addSizes(7000)
                                .addSizes(1))
                        .setAsks(Levels.getDefaultInstance()))
                .build());
    }

    @Test
    void aLevelThatNeeds128BitsMakesTheListWideAndStaysExact() throws Exception {
        LevelList bids = new LevelList();
        for (int i = 0; i < 100; i++) {
            bids.add(Decimal38.of("1.5"), Decimal38.of("" + i));
        }
        bids.add(Decimal38.of("99999999999999999999.5"), Decimal38.of("0.000000000000000001"));
        encoder.bookSnapshot(head("book-snapshots"), 0, RECEIVED, 1, 1, bids, new LevelList(), EventEncoder.ABSENT);
        Envelope read = Envelope.parseFrom(ByteString.copyFrom(encoder.array(), 0, encoder.length()));
        LevelList back = new LevelList();
        back.read(read.getBookSnapshot().getBids());
        Decimal38 value = new Decimal38();
        assertEquals(101, back.size());
        back.price(100, value);
        assertEquals("99999999999999999999.5", value.toString());
        back.size(99, value);
        assertEquals("99", value.toString());
        back.size(100, value);
        assertEquals("0.000000000000000001", value.toString());
    }

    @Test
    void scalesTooFarApartFor64BitsMakeTheListWide() throws Exception {
        LevelList bids = new LevelList();
        bids.add(Decimal38.of("90000000000"), Decimal38.of("1"));
        bids.add(Decimal38.of("0.000000000000000001"), Decimal38.of("1"));
        encoder.bookSnapshot(head("book-snapshots"), 0, RECEIVED, 1, 1, bids, new LevelList(), EventEncoder.ABSENT);
        Envelope read = Envelope.parseFrom(ByteString.copyFrom(encoder.array(), 0, encoder.length()));
        assertEquals(2, read.getBookSnapshot().getBids().getWidePricesCount());
        assertEquals(
                "90000000000",
                Events.decimal(read.getBookSnapshot().getBids().getWidePrices(0))
                        .toString());
    }

    @Test
    void aBarHasTheGeneratedClassesBytes() {
        encoder.bar(
                head("bars-1m"),
                300,
                RECEIVED,
                TRADED,
                "1m",
                1_723_161_240_000_000_000L,
                Decimal38.of("1"),
                Decimal38.of("4"),
                Decimal38.of("0.5"),
                Decimal38.of("2"),
                Decimal38.of("123.456"),
                42,
                1,
                true,
                "binance");
        assertEncoded(envelope("bars-1m", 300)
                .setExchangeTime(TRADED)
                .setBar(Bar.newBuilder()
                        .setTimeframe("1m")
                        .setOpenTime(1_723_161_240_000_000_000L)
                        .setOpen(Events.decimal("1"))
                        .setHigh(Events.decimal("4"))
                        .setLow(Events.decimal("0.5"))
                        .setClose(Events.decimal("2"))
                        .setVolume(Events.decimal("123.456"))
                        .setTradeCount(42)
                        .setRevision(1)
                        .setComplete(true)
                        .setVendor("binance"))
                .build());
    }

    @Test
    void framesOfEverySizeHaveTheGeneratedClassesBytes() {
        for (int size : new int[] {0, 1, 127, 128, 5000, 70_000, 5_079_379}) {
            byte[] payload = new byte[size + 3];
            new Random(SEED).nextBytes(payload);
            for (FrameKind kind : new FrameKind[] {FrameKind.FRAME_KIND_TEXT, FrameKind.FRAME_KIND_BINARY}) {
                for (String request : new String[] {"", "/api/v3/depth?symbol=BTCUSDT&limit=5000"}) {
                    encoder.frame(head("frames"), 1, RECEIVED, kind, payload, 3, size, request);
                    assertEncoded(envelope("frames", 1)
                            .setFrame(Frame.newBuilder()
                                    .setKind(kind)
                                    .setPayload(ByteString.copyFrom(payload, 3, size))
                                    .setRequest(request))
                            .build());
                }
            }
        }
    }

    @Test
    void rareKindsTakeTheStreamsHeadAndSequence() {
        Envelope gap = Envelope.newBuilder()
                .setEdge("ignored")
                .setSequence(99)
                .setGap(Gap.newBuilder()
                        .setReason(GapReason.GAP_REASON_SEQUENCE)
                        .setGapChannel("trades")
                        .setDetail("übersprungen"))
                .build();
        encoder.encode(head("gaps"), 4, RECEIVED, EventEncoder.ABSENT, gap);
        assertEncoded(envelope("gaps", 4).setGap(gap.getGap()).build());
    }
}
