package io.tidemark.exchange.market;

/** A price level: ticks and lots. */
public record Level(long price, long lots) {}
