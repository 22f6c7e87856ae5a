package io.tidemark.exchange.serve;

/** So many requests in one second and no more. */
public final class RequestLimit {
    private final int perSecond;
    private long second;
    private int count;

    public RequestLimit(int perSecond) {
        this.perSecond = perSecond;
    }

    public boolean admits(long millis) {
        if (millis / 1_000 != second) {
            second = millis / 1_000;
            count = 0;
        }
        return ++count <= perSecond;
    }
}
