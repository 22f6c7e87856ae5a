package io.tidemark.edge.book;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.LevelList;

/** The book of one instrument: both sides, and nothing about the order of messages, which is the venue's. */
public final class OrderBook {
    public final BookSide bids;
    public final BookSide asks;
    private final Decimal38 price = new Decimal38();
    private final Decimal38 size = new Decimal38();
    private final Decimal38 scratch = new Decimal38();

    /** {@code depth}: the levels kept of each side. */
    public OrderBook(int depth) {
        bids = new BookSide(false, depth);
        asks = new BookSide(true, depth);
    }

    public void clear() {
        bids.clear();
        asks.clear();
    }

    /** {@code asked} is the number of levels that were asked for: a side that has as many may have more. */
    public boolean load(LevelList newBids, LevelList newAsks, int asked) {
        clear();
        if (!apply(newBids, newAsks)) {
            return false;
        }
        if (newBids.size() >= asked) {
            bids.markHorizon();
        }
        if (newAsks.size() >= asked) {
            asks.markHorizon();
        }
        return true;
    }

    /** False when a number does not fit the book; the book is then of no use any more. */
    public boolean apply(LevelList newBids, LevelList newAsks) {
        return apply(newBids, bids) && apply(newAsks, asks);
    }

    private boolean apply(LevelList levels, BookSide side) {
        for (int i = 0; i < levels.size(); i++) {
            levels.price(i, price);
            levels.size(i, size);
            if (!side.set(price, size, scratch)) {
                return false;
            }
        }
        return true;
    }

    /** Of each side, by {@link BookSide#truncate}. */
    public void truncate(int depth) {
        bids.truncate(depth);
        asks.truncate(depth);
    }

    public boolean isExhausted() {
        return bids.isExhausted() || asks.isExhausted();
    }
}
