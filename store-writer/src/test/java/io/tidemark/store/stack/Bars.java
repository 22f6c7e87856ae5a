package io.tidemark.store.stack;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Bar;
import io.tidemark.contracts.proto.Envelope;

/** Records as an edge sends them. */
public final class Bars {
    public static final long SECOND = 1_000_000_000L;
    /** 2024-08-08T23:54:00Z. */
    public static final long AUGUST = 1_723_161_240L * SECOND;

    private Bars() {}

    /** A complete bar of {@code edge-1} with prices around {@code close}; change what matters. */
    public static Envelope.Builder bar(String symbol, long openTime, String close) {
        return Envelope.newBuilder()
                .setSchemaVersion(1)
                .setTenant("default")
                .setEdge("edge-1")
                .setIncarnation(1)
                .setSource("binance")
                .setChannel("bars-1s")
                .setSymbol(symbol)
                .setVenueSymbol(symbol.replace("-", ""))
                .setConnector("ws")
                .setReceiveTime(openTime + SECOND)
                .setBar(Bar.newBuilder()
                        .setTimeframe("1s")
                        .setOpenTime(openTime)
                        .setOpen(Events.decimal(close))
                        .setHigh(Events.decimal(close))
                        .setLow(Events.decimal(close))
                        .setClose(Events.decimal(close))
                        .setVolume(Events.decimal("1.50"))
                        .setTradeCount(3)
                        .setComplete(true)
                        .setVendor("binance"));
    }
}
