package io.tidemark.edge.feed;

import java.time.Duration;

/**
 * Two clocks of one connection: bytes of any kind, and data.
 *
 * <p>Data may be rare in a quiet market: it is missed only after {@code data-timeout} <em>and</em> 20 times the
 * usual interval. Times are nanoseconds of a monotonic clock.
 */
final class LivenessWatch {
    enum Verdict {
        ALIVE,
        /** Quiet for a third of the transport's limit: send a ping. */
        ASK,
        /** No byte at all. */
        SILENT,
        /** Answers pings, but sends no data. */
        MUTE
    }

    private static final int USUAL_FACTOR = 20;

    private final long transportLimit;
    private final long dataLimit;
    private long lastByte;
    private long lastData;
    private long lastAsked;
    private long usualInterval;

    LivenessWatch(Duration transportLimit, Duration dataLimit) {
        this.transportLimit = transportLimit.toNanos();
        this.dataLimit = dataLimit.toNanos();
    }

    void connected(long now) {
        lastByte = now;
        lastData = now;
        lastAsked = now;
    }

    void heard(long now) {
        lastByte = now;
    }

    void data(long now) {
        long interval = now - lastData;
        usualInterval += (interval - usualInterval) / 16;
        lastData = now;
    }

    Duration silence(long now) {
        return Duration.ofSeconds(Duration.ofNanos(now - lastData).toSeconds());
    }

    Verdict check(long now) {
        if (now - lastByte > transportLimit) {
            return Verdict.SILENT;
        }
        if (now - lastData > Math.max(dataLimit, USUAL_FACTOR * usualInterval)) {
            return Verdict.MUTE;
        }
        if (now - Math.max(lastByte, lastAsked) > transportLimit / 3) {
            lastAsked = now;
            return Verdict.ASK;
        }
        return Verdict.ALIVE;
    }
}
