package io.tidemark.edge.feed;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands where it was put. */
public final class HandClock implements InstantSource {
    private volatile Instant now;

    public HandClock(Instant start) {
        now = start;
    }

    @Override
    public Instant instant() {
        return now;
    }

    public void set(long nanos) {
        now = Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    public void advance(java.time.Duration by) {
        now = now.plus(by);
    }
}
