package io.tidemark.exchange.protocol.binance;

import io.tidemark.exchange.emission.Reel;

/** A reel that can also answer for the order book as it stands at its place. */
public interface BinanceReel extends Reel {
    DepthAnswer depth(String symbol, int limit);
}
