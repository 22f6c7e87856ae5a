package io.tidemark.edge.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A set of sequences, kept as ranges: nearly always one. Not thread-safe. */
final class Sequences {
    /** Both ends belong to it. */
    record Range(long first, long last) {
        long count() {
            return last - first + 1;
        }

        @Override
        public String toString() {
            return first == last ? Long.toString(first) : first + " to " + last;
        }
    }

    private final TreeMap<Long, Long> ranges = new TreeMap<>();
    private long lastFirst = -1;
    private long lastLast = -2;

    /** False when it is in the set already. */
    boolean add(long sequence) {
        if (sequence == lastLast + 1 && !ranges.containsKey(sequence)) {
            // What nearly always comes: the one behind the last one; its range's end is put down later.
            lastLast = sequence;
            return true;
        }
        settle();
        Map.Entry<Long, Long> below = ranges.floorEntry(sequence);
        if (below != null && below.getValue() >= sequence) {
            return false;
        }
        boolean joins = below != null && below.getValue() == sequence - 1;
        lastFirst = joins && below != null ? below.getKey() : sequence;
        lastLast = sequence;
        ranges.put(lastFirst, lastLast);
        return true;
    }

    void addAll(Sequences other) {
        for (Range range : other.ranges()) {
            add(range.first(), range.last());
        }
    }

    void add(long first, long last) {
        settle();
        long from = first;
        long to = last;
        Map.Entry<Long, Long> below = ranges.floorEntry(from);
        if (below != null && below.getValue() >= from - 1) {
            from = below.getKey();
        }
        for (Map.Entry<Long, Long> next = ranges.ceilingEntry(from);
                next != null && next.getKey() <= to + 1;
                next = ranges.ceilingEntry(from)) {
            to = Math.max(to, next.getValue());
            ranges.remove(next.getKey());
        }
        if (below != null && below.getKey() == from) {
            to = Math.max(to, below.getValue());
        }
        ranges.put(from, to);
        lastFirst = -1;
        lastLast = -2;
    }

    private void settle() {
        if (lastFirst >= 0) {
            ranges.put(lastFirst, lastLast);
            @Nullable Long next = ranges.get(lastLast + 1);
            if (next != null) {
                ranges.remove(lastLast + 1);
                ranges.put(lastFirst, next);
            }
        }
        lastFirst = -1;
        lastLast = -2;
    }

    List<Range> ranges() {
        settle();
        List<Range> all = new ArrayList<>();
        ranges.forEach((first, last) -> {
            Range before = all.isEmpty() ? null : all.get(all.size() - 1);
            if (before != null && before.last() + 1 >= first) {
                all.set(all.size() - 1, new Range(before.first(), Math.max(before.last(), last)));
            } else {
                all.add(new Range(first, last));
            }
        });
        return all;
    }

    /** What is missing from 0 to the highest one. */
    List<Range> holes() {
        List<Range> holes = new ArrayList<>();
        long next = 0;
        for (Range range : ranges()) {
            if (range.first() > next) {
                holes.add(new Range(next, range.first() - 1));
            }
            next = range.last() + 1;
        }
        return holes;
    }
}
