package io.tidemark.edge.feed;

import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the clocks of one source's streams: names those that are quiet beyond their habit, and tells when a busy
 * one is silent while others flow, which is a fault of the connection and not a quiet market.
 *
 * <p>On the feed's thread; the names may be read by any.
 */
final class StreamWatch {
    private static final Logger LOG = Logger.getLogger(StreamWatch.class);
    /** Between connections given up because one of many streams was silent. */
    private static final long RENEWAL_PAUSE = Duration.ofMinutes(10).toNanos();

    private final String source;
    private final List<StreamClock> clocks;
    private final long limit;
    private volatile List<String> stale = List.of();
    private boolean renewed;
    private long renewedAt;

    /** {@code clocks} grows as streams come to be. */
    StreamWatch(String source, List<StreamClock> clocks, Duration limit) {
        this.source = source;
        this.clocks = clocks;
        this.limit = limit.toNanos();
    }

    /** {@code symbol/channel} of what is quiet beyond its habit. */
    List<String> stale() {
        return stale;
    }

    /** A new connection: the time without one says nothing. */
    void rest(long now) {
        stale = List.of();
        clocks.forEach(clock -> clock.rest(now));
    }

    /** The stream for which the connection is to be given up, seldom. */
    @Nullable
    String look(long now) {
        StreamClock silent = null;
        boolean flowing = false;
        for (StreamClock clock : clocks) {
            if (clock.falls(now, limit)) {
                LOG.infof("%s: %s is quiet beyond its habit", source, clock);
                silent = clock.isBusy() ? clock : silent;
            }
            flowing |= !clock.isStale();
        }
        stale = clocks.stream()
                .filter(StreamClock::isStale)
                .map(StreamClock::toString)
                .toList();
        if (silent == null || !flowing || (renewed && now - renewedAt < RENEWAL_PAUSE)) {
            return null;
        }
        renewed = true;
        renewedAt = now;
        return silent.toString();
    }
}
