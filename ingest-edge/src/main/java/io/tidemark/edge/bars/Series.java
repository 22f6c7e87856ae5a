package io.tidemark.edge.bars;

import io.tidemark.edge.feed.Instrument;
import org.jspecify.annotations.Nullable;

/**
 * The latest bars of one instrument and interval, in order of their start.
 *
 * <p>Bounded: with {@code kept} closed bars in it, the oldest makes room. Bars at or before {@link #floor} are
 * not known any more, so a trade of theirs cannot be added anywhere.
 */
final class Series {
    static final long NO_FLOOR = Long.MIN_VALUE;

    final Instrument instrument;
    final Interval interval;
    private final Bar[] bars;
    private int count;
    private long floor = NO_FLOOR;

    /** The run of trades, now going on, whose bars are not known any more. */
    long lateTrades;

    long lateFrom;
    long lateTo;

    /** Room for {@code kept} bars and those that are open at the same time. */
    Series(Instrument instrument, Interval interval, int kept, int open) {
        this.instrument = instrument;
        this.interval = interval;
        this.bars = new Bar[kept + open];
    }

    int size() {
        return count;
    }

    Bar get(int index) {
        return bars[index];
    }

    /** The start of the newest bar that is not known any more. */
    long floor() {
        return floor;
    }

    void raiseFloor(long start) {
        floor = Math.max(floor, start);
    }

    @Nullable
    Bar find(long start) {
        for (int i = count - 1; i >= 0; i--) {
            if (bars[i].start == start) {
                return bars[i];
            }
            if (bars[i].start < start) {
                return null;
            }
        }
        return null;
    }

    /** The oldest bar when there is no room for another; the caller sees to it that it is sent. */
    @Nullable
    Bar crowdedOut() {
        return count == bars.length ? bars[0] : null;
    }

    void dropOldest() {
        raiseFloor(bars[0].start);
        System.arraycopy(bars, 1, bars, 0, count - 1);
        count--;
    }

    Bar insert(long start) {
        Bar bar = new Bar(start);
        int at = count;
        while (at > 0 && bars[at - 1].start > start) {
            bars[at] = bars[at - 1];
            at--;
        }
        bars[at] = bar;
        count++;
        return bar;
    }
}
