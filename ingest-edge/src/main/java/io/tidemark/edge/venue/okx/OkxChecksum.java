package io.tidemark.edge.venue.okx;

import io.tidemark.edge.book.LevelText;
import io.tidemark.edge.book.OrderBook;
import io.tidemark.edge.venue.SocketBook;
import java.util.zip.CRC32;

/**
 * OKX's checksum of a book: CRC32, as a signed number, over the 25 best levels of a side as
 * {@code bid:size:ask:size:bid:...}, as spelled; where a side has fewer, the other goes on alone.
 */
final class OkxChecksum implements SocketBook.Check {
    private static final int LEVELS = 25;

    private final LevelText text = new LevelText();
    private final CRC32 crc = new CRC32();

    @Override
    public boolean agrees(OrderBook book, long checksum) {
        text.clear();
        boolean first = true;
        for (int i = 0; i < LEVELS; i++) {
            if (i < book.bids.size()) {
                if (!first) {
                    text.put(':');
                }
                text.level(book.bids, i, ':');
                first = false;
            }
            if (i < book.asks.size()) {
                if (!first) {
                    text.put(':');
                }
                text.level(book.asks, i, ':');
                first = false;
            }
        }
        crc.reset();
        text.addTo(crc);
        return (int) crc.getValue() == checksum;
    }
}
