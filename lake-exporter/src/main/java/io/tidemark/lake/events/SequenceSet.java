package io.tidemark.lake.events;

import java.util.Map;
import java.util.TreeMap;

/**
 * A set of capture sequences, kept as ranges. Sequences come nearly in order, so there are few ranges however
 * many sequences. Not thread-safe.
 */
final class SequenceSet {
    private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

    boolean contains(long sequence) {
        Map.Entry<Long, Long> range = lastByFirst.floorEntry(sequence);
        return range != null && sequence <= range.getValue();
    }

    boolean containsAll(long first, long last) {
        Map.Entry<Long, Long> range = lastByFirst.floorEntry(first);
        return range != null && last <= range.getValue();
    }

    boolean containsAny(long first, long last) {
        Map.Entry<Long, Long> range = lastByFirst.floorEntry(last);
        return range != null && range.getValue() >= first;
    }

    /** Whether it was new. */
    boolean add(long sequence) {
        if (contains(sequence)) {
            return false;
        }
        addRange(sequence, sequence);
        return true;
    }

    void addRange(long first, long last) {
        long from = first;
        long to = last;
        Map.Entry<Long, Long> before = lastByFirst.floorEntry(first);
        if (before != null && before.getValue() >= first - 1) {
            from = before.getKey();
            to = Math.max(to, before.getValue());
        }
        for (Map.Entry<Long, Long> next = lastByFirst.ceilingEntry(from);
                next != null && next.getKey() <= (to == Long.MAX_VALUE ? to : to + 1);
                next = lastByFirst.ceilingEntry(from)) {
            to = Math.max(to, next.getValue());
            lastByFirst.remove(next.getKey());
        }
        lastByFirst.put(from, to);
    }

    int ranges() {
        return lastByFirst.size();
    }
}
