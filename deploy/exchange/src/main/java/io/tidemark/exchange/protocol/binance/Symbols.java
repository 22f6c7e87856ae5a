package io.tidemark.exchange.protocol.binance;

import java.util.Locale;

/** The venue's own spelling of a symbol: {@code BTCUSDT}. */
final class Symbols {
    private Symbols() {}

    static String normal(String symbol) {
        return symbol.toUpperCase(Locale.ROOT);
    }
}
