package io.tidemark.edge.venue.binance;

import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.edge.book.OrderBook;
import io.tidemark.edge.feed.BadFrameException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Keeps one book in step with the venue, by the rules of "How to manage a local order book correctly" in
 * Binance's web-socket-streams document: hold the changes that come while the snapshot is on its way; of those
 * drop all with {@code u <= lastUpdateId}; the first one applied has {@code U <= lastUpdateId + 1 <= u}; from
 * then on each {@code U} is the previous {@code u + 1}. Futures are <em>linked</em>: the first one applied has
 * {@code U <= lastUpdateId <= u}, and from then on each {@code pu} is the previous {@code u}.
 *
 * <p>Over a reconnect the book stays as it is: the ids tell whether a change is missing. Held changes are bounded;
 * with too many the oldest go, and the snapshot that needed them turns out too old.
 */
final class BookSync {
    /**
     * What may wait for snapshots, all books of a venue together. A replay as fast as the edge reads brings minutes of
     * market time while one answer is on its way.
     */
    private static final int HELD_BYTES_OF_VENUE = 8 << 20;

    /** Whatever the number of instruments: about a minute of a busy one. */
    private static final int LEAST_HELD_BYTES = 256 << 10;

    enum Outcome {
        /** In step, before and after. */
        APPLIED,
        /** Not in step; a snapshot is needed or on its way. */
        HELD,
        /** A change is missing, and the book is out of step now; {@link #expected} tells which. */
        GAP,
        /** In step until now, but the part of the book that is known is used up. */
        EXHAUSTED
    }

    /** What a snapshot brought. */
    enum Start {
        SYNCHRONISED,
        /** Older than the changes held: ask again. */
        TOO_OLD,
        /** A number does not fit the book. */
        UNFIT
    }

    private final boolean linked;
    private final OrderBook book;
    private final int mostHeldBytes;
    private final Deque<byte[]> held = new ArrayDeque<>();
    private int heldBytes;
    private boolean synchronised;
    private boolean unfit;
    private long lastUpdateId = EventEncoder.ABSENT;
    private long lastTime = EventEncoder.ABSENT;
    private long expected = EventEncoder.ABSENT;
    private long gapSince = EventEncoder.ABSENT;

    /** {@code books} is the number of books that share what may wait. */
    BookSync(int depth, int books, boolean linked) {
        this.linked = linked;
        book = new OrderBook(depth);
        mostHeldBytes = Math.max(LEAST_HELD_BYTES, HELD_BYTES_OF_VENUE / Math.max(1, books));
    }

    OrderBook book() {
        return book;
    }

    boolean isSynchronised() {
        return synchronised;
    }

    long lastUpdateId() {
        return lastUpdateId;
    }

    /** After {@link Outcome#GAP}: the {@code U} that was to come, or the {@code pu} where changes are linked. */
    long expected() {
        return expected;
    }

    /** After {@link Outcome#GAP}: the time of the last change before it, or {@code ABSENT}. */
    long gapSince() {
        return gapSince;
    }

    /** Numbers of this instrument do not fit the book; its changes are recorded all the same. */
    boolean isUnfit() {
        return unfit;
    }

    /** Takes a change as it comes. Its bytes are copied where they must wait. */
    Outcome change(
            BinanceMessage change,
            long first,
            long last,
            long previous,
            long time,
            byte[] bytes,
            int offset,
            int length) {
        boolean continues = lastUpdateId == EventEncoder.ABSENT || follows(first, previous, lastUpdateId);
        if (!synchronised) {
            if (!continues) {
                noteGap();
            }
            lastUpdateId = Math.max(lastUpdateId, last);
            lastTime = time;
            hold(bytes, offset, length);
            return continues ? Outcome.HELD : Outcome.GAP;
        }
        if (!continues) {
            noteGap();
            synchronised = false;
            lastUpdateId = last;
            lastTime = time;
            hold(bytes, offset, length);
            return Outcome.GAP;
        }
        lastTime = time;
        if (last <= lastUpdateId) {
            return Outcome.APPLIED;
        }
        lastUpdateId = last;
        if (!book.apply(change.bids, change.asks)) {
            unfit = true;
            synchronised = false;
            return Outcome.HELD;
        }
        if (book.isExhausted()) {
            synchronised = false;
            // A snapshot that is on its way from before this change needs it.
            hold(bytes, offset, length);
            return Outcome.EXHAUSTED;
        }
        return Outcome.APPLIED;
    }

    private boolean follows(long first, long previous, long id) {
        return linked ? previous <= id : first <= id + 1;
    }

    private void noteGap() {
        expected = linked ? lastUpdateId : lastUpdateId + 1;
        gapSince = lastTime;
    }

    private void hold(byte[] bytes, int offset, int length) {
        if (unfit) {
            return;
        }
        held.addLast(Arrays.copyOfRange(bytes, offset, offset + length));
        heldBytes += length;
        while (heldBytes > mostHeldBytes) {
            heldBytes -= held.removeFirst().length;
        }
    }

    /**
     * Starts the book from a snapshot; {@code scratch} is used to read the changes held.
     *
     * @param asked the number of levels that were asked for
     */
    Start start(BinanceMessage snapshot, int asked, BinanceMessage scratch) throws BadFrameException {
        if (!book.load(snapshot.bids, snapshot.asks, asked)) {
            unfit = true;
            release();
            return Start.UNFIT;
        }
        long at = snapshot.lastUpdateId;
        boolean applied = false;
        for (byte[] one : held) {
            scratch.parse(one, 0, one.length);
            long first = scratch.fields.id('U');
            long last = scratch.fields.id('u');
            if (last <= at) {
                continue;
            }
            boolean fits = linked && !applied
                    ? first <= at || scratch.previousId <= at
                    : follows(first, scratch.previousId, at);
            if (!fits) {
                return Start.TOO_OLD;
            }
            applied = true;
            if (!book.apply(scratch.bids, scratch.asks)) {
                unfit = true;
                release();
                return Start.UNFIT;
            }
            at = last;
        }
        if (lastUpdateId != EventEncoder.ABSENT && at < lastUpdateId) {
            // Changes behind the snapshot were seen and are not held any more.
            return Start.TOO_OLD;
        }
        lastUpdateId = at;
        synchronised = true;
        release();
        return Start.SYNCHRONISED;
    }

    /** The book is of no use any more. */
    void distrust() {
        synchronised = false;
        release();
    }

    private void release() {
        held.clear();
        heldBytes = 0;
    }
}
