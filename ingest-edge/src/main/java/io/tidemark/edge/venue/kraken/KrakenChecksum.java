package io.tidemark.edge.venue.kraken;

import io.tidemark.edge.book.BookSide;
import io.tidemark.edge.book.LevelText;
import io.tidemark.edge.book.OrderBook;
import io.tidemark.edge.venue.SocketBook;
import java.util.zip.CRC32;

/**
 * Kraken's checksum of a book: CRC32 over the ten best asks and then the ten best bids, each its price and size with
 * all the pair's decimals, without points and leading zeros. A side that did not change among those is not spelled
 * again. One object per book.
 *
 * <p>Protocol v1 spells all decimals. The examples of protocol v2 leave out zeros at the end: there the most decimals
 * that the pair's numbers had are taken for its precision.
 */
public final class KrakenChecksum implements SocketBook.Check {
    private static final int LEVELS = 10;

    private final boolean zerosLeftOut;
    private final LevelText asks = new LevelText();
    private final LevelText bids = new LevelText();
    private final CRC32 crc = new CRC32();
    private int priceScale;
    private int sizeScale;

    private KrakenChecksum(boolean zerosLeftOut) {
        this.zerosLeftOut = zerosLeftOut;
    }

    public static KrakenChecksum asSpelled() {
        return new KrakenChecksum(false);
    }

    public static KrakenChecksum withZerosLeftOut() {
        return new KrakenChecksum(true);
    }

    @Override
    public boolean agrees(OrderBook book, long checksum) {
        boolean all = zerosLeftOut && learn(book);
        spell(book.asks, asks, all);
        spell(book.bids, bids, all);
        crc.reset();
        asks.addTo(crc);
        bids.addTo(crc);
        return crc.getValue() == checksum;
    }

    /** Whether a number came with more decimals than any before. */
    private boolean learn(OrderBook book) {
        int price = Math.max(book.asks.largestPriceScale(), book.bids.largestPriceScale());
        int size = Math.max(book.asks.largestSizeScale(), book.bids.largestSizeScale());
        boolean more = price > priceScale || size > sizeScale;
        priceScale = Math.max(priceScale, price);
        sizeScale = Math.max(sizeScale, size);
        return more;
    }

    private void spell(BookSide side, LevelText text, boolean all) {
        boolean changed = side.changedWithin(LEVELS);
        if (!changed && !all) {
            return;
        }
        text.clear();
        int levels = Math.min(LEVELS, side.size());
        for (int i = 0; i < levels; i++) {
            if (zerosLeftOut) {
                text.bareLevel(side, i, priceScale, sizeScale);
            } else {
                text.bareLevel(side, i);
            }
        }
    }
}
