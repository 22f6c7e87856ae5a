package io.tidemark.exchange.market;

import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;

/**
 * One listing's flow of orders: limit orders near the best price, cancels, and market orders that
 * take from the opposite side. Market orders lean against the distance from the anchor, so the price
 * neither runs away nor reaches zero.
 */
final class Instrument {
    private static final long DEPTH_MICROS = 100_000;
    /** About a hundred steps a second on average. */
    private static final int LONGEST_STEP_MICROS = 20_000;

    private static final int OPENING_LEVELS = 500;
    private static final int FEWEST_LEVELS = 50;
    private static final int MOST_LEVELS = 1_000;
    private static final int MOST_FILLS = 4;

    private final Listing listing;
    private final SplitMix random;
    private final Book book;
    private long tradeId;
    private long nextStep;
    private long nextDepth;

    Instrument(Listing listing, long seed, long startMicros) {
        this.listing = listing;
        this.random = SplitMix.of(seed, listing.symbol());
        this.book = new Book(1_000_000L + random.below(1_000_000_000));
        this.tradeId = 1_000L + random.below(1_000_000);
        open();
        this.nextStep = startMicros + 1 + random.below(LONGEST_STEP_MICROS);
        this.nextDepth = startMicros + DEPTH_MICROS;
    }

    private void open() {
        long bid = listing.anchorTicks() - 1;
        long ask = listing.anchorTicks() + 1;
        for (int i = 0; i < OPENING_LEVELS; i++) {
            if (bid >= 1) {
                book.open(true, bid, lots());
            }
            book.open(false, ask, lots());
            bid -= 1 + random.below(4);
            ask += 1 + random.below(4);
        }
    }

    Listing listing() {
        return listing;
    }

    Book book() {
        return book;
    }

    long nextTime() {
        return Math.min(nextStep, nextDepth);
    }

    /** Does what comes next; a report of the depth goes before a step of the same time. */
    void advance(Queue<MarketEvent> out) {
        if (nextDepth <= nextStep) {
            if (book.hasChanges()) {
                out.add(book.takeChanges(listing, nextDepth));
            }
            nextDepth += DEPTH_MICROS;
            return;
        }
        long now = nextStep;
        nextStep += 1 + random.below(LONGEST_STEP_MICROS);
        Level bid = book.top(true);
        Level ask = book.top(false);
        int draw = random.below(100);
        if (draw < 18) {
            take(now, out);
        } else if (draw < 62) {
            place(random.below(2) == 0);
        } else {
            cancel(random.below(2) == 0);
        }
        if (!book.top(true).equals(bid) || !book.top(false).equals(ask)) {
            out.add(new MarketEvent.Top(listing, now, book.updateId(), book.top(true), book.top(false)));
        }
    }

    private void take(long now, Queue<MarketEvent> out) {
        long middle = (book.best(true) + book.best(false)) / 2;
        long perMille = (middle - listing.anchorTicks()) * 1_000 / listing.anchorTicks();
        boolean buys = random.below(100) < Math.max(10, Math.min(90, 50 - 5 * perMille));
        long left = lots();
        for (int fills = 0; left > 0 && fills < MOST_FILLS && book.side(!buys).size() > FEWEST_LEVELS; fills++) {
            Level best = book.top(!buys);
            long lots = Math.min(left, best.lots());
            book.set(!buys, best.price(), best.lots() - lots);
            out.add(new MarketEvent.Trade(listing, now, tradeId++, best.price(), lots, !buys));
            left -= lots;
        }
        if (left > 0 && book.side(!buys).size() <= FEWEST_LEVELS) {
            place(!buys);
        }
    }

    private void place(boolean bid) {
        long best = book.best(bid);
        long room = Math.abs(book.best(true) - book.best(false)) - 1;
        long away = random.steps(75, 200);
        // One in three improves the price where the spread leaves room for it.
        long better = room > 0 && random.below(3) == 0 ? 1 + random.below((int) Math.min(room, 50)) : 0;
        long offset = better > 0 ? better : -away;
        long price = Math.max(1, bid ? best + offset : best - offset);
        long held = book.side(bid).getOrDefault(price, 0L);
        book.set(bid, price, held + lots());
        if (book.side(bid).size() > MOST_LEVELS) {
            book.set(bid, book.side(bid).lastKey(), 0);
        }
    }

    private void cancel(boolean bid) {
        NavigableMap<Long, Long> side = book.side(bid);
        if (side.size() <= FEWEST_LEVELS) {
            place(bid);
            return;
        }
        Iterator<Map.Entry<Long, Long>> levels = side.entrySet().iterator();
        Map.Entry<Long, Long> level = levels.next();
        for (int i = random.steps(80, FEWEST_LEVELS - 1); i > 0; i--) {
            level = levels.next();
        }
        long left = random.below(2) == 0 ? 0 : level.getValue() / 2;
        book.set(bid, level.getKey(), left);
    }

    private long lots() {
        return 1 + random.below(100) * (1L + random.below(50));
    }
}
