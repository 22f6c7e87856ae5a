package io.tidemark.edge.feed;

import java.time.Duration;

/**
 * How long one channel of one instrument has been quiet, and how long it usually is.
 *
 * <p>Heartbeats and acknowledgements are no data and do not come here. Times are nanoseconds of a monotonic clock.
 */
final class StreamClock {
    private static final int USUAL_FACTOR = 20;
    private static final long BUSY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int LEARNED = 64;

    private final String symbol;
    private final String channel;
    private long last;
    private long usual;
    private volatile long count;
    private boolean stale;

    StreamClock(String symbol, String channel) {
        this.symbol = symbol;
        this.channel = channel;
    }

    void heard(long now) {
        if (count > 0) {
            usual += (now - last - usual) / 16;
        }
        // One thread writes.
        count = count + 1;
        last = now;
        stale = false;
    }

    String symbol() {
        return symbol;
    }

    /** Events of this run; any thread. */
    long count() {
        return count;
    }

    /** A new connection: the time without one says nothing. */
    void rest(long now) {
        last = now;
        stale = false;
    }

    /** Whether it has just become longer than {@code limit} and 20 times the usual. */
    boolean falls(long now, long limit) {
        if (stale || count == 0 || now - last <= Math.max(limit, USUAL_FACTOR * usual)) {
            return false;
        }
        stale = true;
        return true;
    }

    boolean isStale() {
        return stale;
    }

    /** So many events a second that a silence is a fault of the connection, not a quiet market. */
    boolean isBusy() {
        return count >= LEARNED && usual < BUSY_NANOS;
    }

    @Override
    public String toString() {
        return symbol + "/" + channel;
    }
}
