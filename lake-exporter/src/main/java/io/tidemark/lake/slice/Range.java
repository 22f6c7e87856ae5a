package io.tidemark.lake.slice;

import java.util.ArrayList;
import java.util.List;

/** A half-open stretch of opening times, in microseconds since 1970 UTC. */
public record Range(long from, long to) {
    public static final Range ALL = new Range(Long.MIN_VALUE, Long.MAX_VALUE);

    /**
     * The union of stretches in rising order. Those that are no further apart than {@code slack} become one.
     *
     * @param sorted by their start
     */
    public static List<Range> union(List<Range> sorted, long slack) {
        List<Range> merged = new ArrayList<>();
        for (Range range : sorted) {
            int last = merged.size() - 1;
            if (last >= 0 && range.from() - merged.get(last).to() <= slack) {
                merged.set(
                        last,
                        new Range(
                                merged.get(last).from(),
                                Math.max(merged.get(last).to(), range.to())));
            } else {
                merged.add(range);
            }
        }
        return merged;
    }
}
