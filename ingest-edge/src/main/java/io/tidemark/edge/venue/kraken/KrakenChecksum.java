package io.tidemark.edge.venue.kraken;

import io.tidemark.edge.book.BookSide;
import io.tidemark.edge.book.LevelText;
import io.tidemark.edge.book.OrderBook;
import io.tidemark.edge.venue.SocketBook;
import java.util.zip.CRC32;

/**
 * Kraken's checksum of a book: CRC32 over the ten best asks and then the ten best bids, each its price and size as
 * spelled, without points and leading zeros. A side that did not change among those is not spelled again. One
 * object per book.
 */
public final class KrakenChecksum implements SocketBook.Check {
    static final int LEVELS = 10;

    private final LevelText asks = new LevelText();
    private final LevelText bids = new LevelText();
    private final CRC32 crc = new CRC32();

    @Override
    public boolean agrees(OrderBook book, long checksum) {
        spell(book.asks, asks);
        spell(book.bids, bids);
        return value() == checksum;
    }

    private static void spell(BookSide side, LevelText text) {
        if (!side.changedWithin(LEVELS)) {
            return;
        }
        text.clear();
        int levels = Math.min(LEVELS, side.size());
        for (int i = 0; i < levels; i++) {
            text.bareLevel(side, i);
        }
    }

    private long value() {
        crc.reset();
        asks.addTo(crc);
        bids.addTo(crc);
        return crc.getValue();
    }
}
