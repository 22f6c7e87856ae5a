package io.tidemark.lake.live;

import java.util.HashMap;
import java.util.Map;

/**
 * Which offset comes next in each partition, and so which of the delivered records are to be taken. Thread-safe.
 *
 * <p>What was fetched before a seek may still be delivered after it: such a record looks like the end of a hole.
 * Only one that comes again after reading again from the expected offset really is.
 */
final class LiveOffsets {
    /** What to do with a record. */
    enum Verdict {
        TAKE,
        SKIP,
        READ_AGAIN
    }

    private final Map<String, Long> next = new HashMap<>();
    private final Map<String, Long> holes = new HashMap<>();

    /** Goes on from these. */
    synchronized void begin(Map<String, Long> offsets) {
        next.clear();
        holes.clear();
        next.putAll(offsets);
    }

    /** The partition's topic was made anew. */
    synchronized void restart(String partition) {
        next.put(partition, 0L);
        holes.remove(partition);
    }

    synchronized long next(String partition) {
        return next.getOrDefault(partition, 0L);
    }

    synchronized Verdict judge(String partition, long offset) {
        long expected = next(partition);
        if (offset < expected) {
            return Verdict.SKIP;
        }
        Long hole = holes.get(partition);
        if (offset > expected && (hole == null || hole != offset)) {
            holes.put(partition, hole == null ? offset : Math.min(hole, offset));
            return Verdict.READ_AGAIN;
        }
        holes.remove(partition);
        next.put(partition, offset + 1);
        return Verdict.TAKE;
    }
}
