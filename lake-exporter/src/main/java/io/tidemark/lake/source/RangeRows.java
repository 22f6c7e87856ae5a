package io.tidemark.lake.source;

import io.tidemark.contracts.files.schema.CandleColumns;
import io.tidemark.contracts.files.schema.Series;
import io.tidemark.lake.slice.Range;
import io.tidemark.lake.source.CandleSource.Sink;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Cuts what is wanted out of rows that rise in time. */
public final class RangeRows {
    private RangeRows() {}

    /** Supplies the rows' numbers when the first wanted row was found. */
    @FunctionalInterface
    public interface Numbers {
        CandleColumns get() throws IOException;
    }

    /**
     * Hands the wanted of the rows {@code from} to {@code to} on.
     *
     * @param times of all rows; of the named ones they rise
     * @param ranges rising, not touching
     */
    public static void cut(
            Series series, long[] times, int from, int to, List<Range> ranges, Numbers numbers, Sink sink)
            throws IOException {
        if (from >= to) {
            return;
        }
        int at = from;
        for (int i = firstAfter(ranges, times[from]); i < ranges.size() && at < to; i++) {
            Range range = ranges.get(i);
            if (range.from() > times[to - 1]) {
                return;
            }
            int first = lowerBound(times, at, to, range.from());
            int last = lowerBound(times, first, to, range.to());
            if (last > first) {
                sink.take(series, numbers.get(), first, last);
            }
            at = last;
        }
    }

    /** The first range that does not end before a time. */
    private static int firstAfter(List<Range> ranges, long time) {
        int low = 0;
        int high = ranges.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ranges.get(middle).to() <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int lowerBound(long[] times, int from, int to, long time) {
        int found = Arrays.binarySearch(times, from, to, time);
        return found >= 0 ? found : -found - 1;
    }
}
