package io.tidemark.edge.venue;

import io.tidemark.contracts.event.EventEncoder;

/** Ids of an instrument's trades that step by one; kept over connections, so that a gap names what is missing. */
public final class IdChain {
    private long last = EventEncoder.ABSENT;
    private long lastTime = EventEncoder.ABSENT;

    /** Whether an id was seen yet. */
    public boolean begun() {
        return last != EventEncoder.ABSENT;
    }

    /** The id that was to come when {@code id} shows a hole; otherwise {@code ABSENT}. */
    public long missingFrom(long id) {
        return begun() && id > last + 1 ? last + 1 : EventEncoder.ABSENT;
    }

    public boolean isNew(long id) {
        return id > last;
    }

    public long lastTime() {
        return lastTime;
    }

    public void advance(long id, long time) {
        if (id > last) {
            last = id;
            lastTime = time;
        }
    }
}
