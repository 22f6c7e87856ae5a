package io.tidemark.exchange.market;

import java.math.BigDecimal;

/**
 * How a symbol is traded: a tick is 10^-priceScale, a lot 10^-lotScale, and prices wander around the
 * anchor.
 */
public record Listing(String symbol, int priceScale, int lotScale, long anchorTicks) {

    static Listing of(String symbol) {
        if (symbol.startsWith("BTC")) {
            return new Listing(symbol, 2, 5, 61_837_63);
        }
        if (symbol.startsWith("ETH")) {
            return new Listing(symbol, 2, 4, 2_683_20);
        }
        if (symbol.startsWith("SOL")) {
            return new Listing(symbol, 2, 3, 153_40);
        }
        if (symbol.startsWith("XRP")) {
            return new Listing(symbol, 4, 0, 6_150);
        }
        // Any other symbol has a price of its own between 1 and 500, always the same one.
        return new Listing(symbol, 4, 2, 10_000 + SplitMix.of(0, symbol).below(4_990_000));
    }

    /** A price in units of the currency, with all its decimals. */
    public String price(long ticks) {
        return text(ticks, priceScale, priceScale);
    }

    /** A quantity with at least so many decimals. */
    public String quantity(long lots, int decimals) {
        return text(lots, lotScale, Math.max(lotScale, decimals));
    }

    private static String text(long units, int scale, int decimals) {
        return BigDecimal.valueOf(units, scale).setScale(decimals).toPlainString();
    }
}
