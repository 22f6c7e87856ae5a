package io.tidemark.edge.book;

import io.tidemark.contracts.decimal.Decimal38;
import java.math.BigDecimal;
import java.util.Arrays;

/**
 * One side of a book: the best levels, exact, in sorted arrays.
 *
 * <p>A key is the price's coefficient at the side's scale, negated for asks, so that the best is the largest
 * and stands at the end, where most changes are. There is a horizon: the worst level of a snapshot that did not
 * hold all, or the best of those cut off here; behind it unchanged levels may exist that were never told.
 */
public final class BookSide {
    private static final int SLACK = 32;
    private static final long[] POWERS = new long[19];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private final boolean asks;
    private final int limit;
    private long[] keys = new long[64];
    private long[] sizes = new long[64];
    private byte[] sizeScales = new byte[64];
    private int count;
    private int scale;
    private boolean bounded;
    private long horizon;

    BookSide(boolean asks, int depth) {
        this.asks = asks;
        this.limit = depth + SLACK;
    }

    public void clear() {
        count = 0;
        scale = 0;
        bounded = false;
    }

    public int size() {
        return count;
    }

    /** The best level known lies behind the horizon: it may not be the best there is. */
    public boolean isExhausted() {
        return bounded && (count == 0 || keys[count - 1] < horizon);
    }

    /** What was set so far is not all that the venue has. */
    public void markHorizon() {
        if (count > 0) {
            raiseHorizon(keys[0]);
        }
    }

    private void raiseHorizon(long key) {
        horizon = bounded ? Math.max(horizon, key) : key;
        bounded = true;
    }

    /** Whether the numbers fit 64 bits; otherwise nothing is changed. A size of zero removes the level. */
    public boolean set(Decimal38 price, Decimal38 size, Decimal38 scratch) {
        if (!price.isSmall() || !alignTo(price.scale())) {
            return false;
        }
        int up = scale - price.scale();
        if (!fits(price.smallCoefficient(), up) || !small(size, scratch)) {
            return false;
        }
        long key = price.smallCoefficient() * POWERS[up] * (asks ? -1 : 1);
        int at = Arrays.binarySearch(keys, 0, count, key);
        if (size.signum() == 0) {
            if (at >= 0) {
                remove(at);
            }
            return true;
        }
        if (at < 0) {
            if (count == limit) {
                cut();
                at = Arrays.binarySearch(keys, 0, count, key);
            }
            at = -at - 1;
            insert(at);
        }
        keys[at] = key;
        sizes[at] = scratch.smallCoefficient();
        sizeScales[at] = (byte) scratch.scale();
        return true;
    }

    private void remove(int at) {
        move(at + 1, at, count - at - 1);
        count--;
    }

    private void insert(int at) {
        if (count == keys.length) {
            int larger = Math.min(limit, count * 2);
            keys = Arrays.copyOf(keys, larger);
            sizes = Arrays.copyOf(sizes, larger);
            sizeScales = Arrays.copyOf(sizeScales, larger);
        }
        move(at, at + 1, count - at);
        count++;
    }

    /** Drops the worst levels: several at once, so that the arrays are not moved for each new one. */
    private void cut() {
        raiseHorizon(keys[SLACK - 1] + 1);
        move(SLACK, 0, count - SLACK);
        count -= SLACK;
    }

    private void move(int from, int to, int levels) {
        System.arraycopy(keys, from, keys, to, levels);
        System.arraycopy(sizes, from, sizes, to, levels);
        System.arraycopy(sizeScales, from, sizeScales, to, levels);
    }

    private boolean alignTo(int wanted) {
        if (wanted <= scale) {
            return true;
        }
        int up = wanted - scale;
        for (int i = 0; i < count; i++) {
            if (!fits(keys[i], up)) {
                return false;
            }
        }
        if (bounded && !fits(horizon, up)) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            keys[i] *= POWERS[up];
        }
        horizon *= POWERS[up];
        scale = wanted;
        return true;
    }

    private static boolean fits(long value, int digits) {
        return Math.multiplyHigh(value, POWERS[digits]) == (value * POWERS[digits]) >> 63;
    }

    /** Trailing zeros may go: by value it is the same. */
    private static boolean small(Decimal38 size, Decimal38 target) {
        if (size.isSmall()) {
            target.set(size);
            return true;
        }
        BigDecimal stripped = size.toBigDecimal().stripTrailingZeros();
        return target.set(stripped) == Decimal38.Outcome.EXACT && target.isSmall();
    }

    /** The best level is 0. */
    public void price(int index, Decimal38 target) {
        long key = keys[count - 1 - index];
        target.set(asks ? -key : key, scale);
    }

    public void size(int index, Decimal38 target) {
        target.set(sizes[count - 1 - index], sizeScales[count - 1 - index]);
    }
}
