package io.tidemark.exchange.protocol.binance;

/** So many requests in one second and no more. */
final class RequestLimit {
    private final int perSecond;
    private long second;
    private int count;

    RequestLimit(int perSecond) {
        this.perSecond = perSecond;
    }

    boolean admits(long millis) {
        if (millis / 1_000 != second) {
            second = millis / 1_000;
            count = 0;
        }
        return ++count <= perSecond;
    }
}
