package io.tidemark.exchange.protocol.binance;

/** Whole units of 10^-scale as Binance writes them, with eight decimals. */
final class FixedPoint {
    private static final int DECIMALS = 8;

    private FixedPoint() {}

    static String text(long units, int scale) {
        if (units < 0 || scale < 0 || scale > DECIMALS) {
            throw new IllegalArgumentException(units + " at scale " + scale);
        }
        StringBuilder text = new StringBuilder(20).append(units);
        while (text.length() <= scale) {
            text.insert(0, '0');
        }
        int point = text.length() - scale;
        text.insert(point, '.');
        while (text.length() - point - 1 < DECIMALS) {
            text.append('0');
        }
        return text.toString();
    }
}
