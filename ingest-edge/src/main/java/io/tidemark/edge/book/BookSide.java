package io.tidemark.edge.book;

import io.tidemark.contracts.decimal.Decimal38;
import java.math.BigDecimal;
import java.util.Arrays;

/**
 * One side of a book: the best levels, exact and as spelled, in sorted arrays.
 *
 * <p>A key is the price's coefficient at the side's scale, negated for asks, so that the best is the largest
 * and stands at the end, where most changes are; the worst are dropped at the front without moving the rest. There is
 * a horizon: the worst level of a snapshot that did not hold all, or the best of those cut off here; behind it
 * unchanged levels may exist that were never told.
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
    /** As the venue spelled the price. */
    private byte[] priceScales = new byte[64];

    private byte[] sizeScales = new byte[64];
    /** Zeros at the end of the spelled size that had no room in 64 bits. */
    private byte[] sizeZeros = new byte[64];
    /** The worst level's place. */
    private int front;
    /** One behind the best level's place. */
    private int end;

    private int scale;
    private int largestSizeScale;
    private boolean bounded;
    private long horizon;
    private int touched;

    BookSide(boolean asks, int depth) {
        this.asks = asks;
        this.limit = depth + SLACK;
    }

    public void clear() {
        front = 0;
        end = 0;
        scale = 0;
        largestSizeScale = 0;
        bounded = false;
        touched = 0;
    }

    public int size() {
        return end - front;
    }

    /** The best level known lies behind the horizon: it may not be the best there is. */
    public boolean isExhausted() {
        return bounded && (end == front || keys[end - 1] < horizon);
    }

    /** What was set so far is not all that the venue has. */
    public void markHorizon() {
        if (end > front) {
            raiseHorizon(keys[front]);
        }
    }

    private void raiseHorizon(long key) {
        horizon = bounded ? Math.max(horizon, key) : key;
        bounded = true;
    }

    /** Keeps the best {@code depth} levels: a venue that tells of so many never tells of those behind again. */
    public void truncate(int depth) {
        if (end - front > depth) {
            front = end - depth;
        }
    }

    /**
     * Whether one of the best {@code levels} may have changed since this was last asked; for whoever computes something
     * of them.
     */
    public boolean changedWithin(int levels) {
        boolean changed = touched < levels;
        touched = Integer.MAX_VALUE;
        return changed;
    }

    /** Whether the numbers fit 64 bits; otherwise nothing is changed. A size of zero removes the level. */
    public boolean set(Decimal38 price, Decimal38 size, Decimal38 scratch) {
        if (!price.isSmall() || !alignTo(price.scale())) {
            return false;
        }
        int up = scale - price.scale();
        if (!fits(price.smallCoefficient(), up)) {
            return false;
        }
        long key = price.smallCoefficient() * POWERS[up] * (asks ? -1 : 1);
        int at = find(key);
        if (size.signum() == 0) {
            if (at >= 0) {
                touched = Math.min(touched, end - 1 - at);
                remove(at);
            }
            return true;
        }
        int zeros = small(size, scratch);
        if (zeros < 0) {
            return false;
        }
        if (at < 0) {
            if (bounded && key < horizon && end - front >= limit - SLACK) {
                // Behind the horizon, where the book is of no use, and there is enough in front of it.
                return true;
            }
            if (end - front == limit) {
                cut();
                at = find(key);
            }
            at = insert(-at - 1);
        }
        largestSizeScale = Math.max(largestSizeScale, size.scale());
        touched = Math.min(touched, end - 1 - at);
        keys[at] = key;
        priceScales[at] = (byte) price.scale();
        sizes[at] = scratch.smallCoefficient();
        sizeScales[at] = (byte) scratch.scale();
        sizeZeros[at] = (byte) zeros;
        return true;
    }

    /** Like a binary search, but most changes are near the best. */
    private int find(long key) {
        if (end == front || key > keys[end - 1]) {
            return -end - 1;
        }
        return Arrays.binarySearch(keys, front, end, key);
    }

    private void remove(int at) {
        if (at - front < end - at) {
            move(front, front + 1, at - front);
            front++;
        } else {
            move(at + 1, at, end - at - 1);
            end--;
        }
    }

    /** Makes room for a level before {@code at}, moving the shorter part, and says where that is now. */
    private int insert(int at) {
        int place = at;
        boolean nearFront = at - front < end - at;
        if (nearFront ? front == 0 : end == keys.length) {
            int before = at - front;
            makeRoom();
            place = front + before;
        }
        if (nearFront) {
            move(front, front - 1, place - front);
            front--;
            return place - 1;
        }
        move(place, place + 1, end - place);
        end++;
        return place;
    }

    /** At both ends, so that a snapshot is taken as fast from its best level on as from its worst. */
    private void makeRoom() {
        int count = end - front;
        if (keys.length - count < SLACK) {
            int larger = Math.min(limit + 2 * SLACK, keys.length * 2);
            keys = Arrays.copyOf(keys, larger);
            sizes = Arrays.copyOf(sizes, larger);
            priceScales = Arrays.copyOf(priceScales, larger);
            sizeScales = Arrays.copyOf(sizeScales, larger);
            sizeZeros = Arrays.copyOf(sizeZeros, larger);
        }
        int newFront = (keys.length - count) / 2;
        move(front, newFront, count);
        front = newFront;
        end = newFront + count;
    }

    /** Drops the worst levels, several at once. */
    private void cut() {
        raiseHorizon(keys[front + SLACK - 1] + 1);
        front += SLACK;
    }

    private void move(int from, int to, int levels) {
        System.arraycopy(keys, from, keys, to, levels);
        System.arraycopy(sizes, from, sizes, to, levels);
        System.arraycopy(priceScales, from, priceScales, to, levels);
        System.arraycopy(sizeScales, from, sizeScales, to, levels);
        System.arraycopy(sizeZeros, from, sizeZeros, to, levels);
    }

    private boolean alignTo(int wanted) {
        if (wanted <= scale) {
            return true;
        }
        int up = wanted - scale;
        for (int i = front; i < end; i++) {
            if (!fits(keys[i], up)) {
                return false;
            }
        }
        if (bounded && !fits(horizon, up)) {
            return false;
        }
        for (int i = front; i < end; i++) {
            keys[i] *= POWERS[up];
        }
        horizon *= POWERS[up];
        scale = wanted;
        return true;
    }

    private static boolean fits(long value, int digits) {
        return Math.multiplyHigh(value, POWERS[digits]) == (value * POWERS[digits]) >> 63;
    }

    /** The zeros that had to go from the end of the size, or -1 where it does not fit without them either. */
    private static int small(Decimal38 size, Decimal38 target) {
        if (size.isSmall()) {
            target.set(size);
            return 0;
        }
        BigDecimal stripped = size.toBigDecimal().stripTrailingZeros();
        if (target.set(stripped) != Decimal38.Outcome.EXACT || !target.isSmall()) {
            return -1;
        }
        return size.scale() - target.scale();
    }

    /** The best level is 0. Trailing zeros are not those of the venue. */
    public void price(int index, Decimal38 target) {
        long key = keys[end - 1 - index];
        target.set(asks ? -key : key, scale);
    }

    /** By value. */
    public void size(int index, Decimal38 target) {
        target.set(sizes[end - 1 - index], sizeScales[end - 1 - index]);
    }

    /** The most decimals that a price had since the side was cleared. */
    public int largestPriceScale() {
        return scale;
    }

    /** The most decimals that a size had since the side was cleared. */
    public int largestSizeScale() {
        return largestSizeScale;
    }

    /** The digits of the price as the venue spelled it, without the point. */
    long priceDigits(int index) {
        int at = end - 1 - index;
        long coefficient = (asks ? -keys[at] : keys[at]) / POWERS[scale - priceScales[at]];
        return coefficient;
    }

    /** The digits behind the point of the price as the venue spelled it. */
    int priceScale(int index) {
        return priceScales[end - 1 - index];
    }

    /** The digits of the size as the venue spelled it, without the point and without {@link #sizeZeros}. */
    long sizeDigits(int index) {
        return sizes[end - 1 - index];
    }

    /** Zeros that belong behind {@link #sizeDigits}. */
    int sizeZeros(int index) {
        return sizeZeros[end - 1 - index];
    }

    /** The digits behind the point of the size as the venue spelled it. */
    int sizeScale(int index) {
        return sizeScales[end - 1 - index] + sizeZeros[end - 1 - index];
    }
}
