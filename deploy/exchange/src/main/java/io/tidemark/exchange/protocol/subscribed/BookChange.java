package io.tidemark.exchange.protocol.subscribed;

import java.util.List;
import java.util.Map;

/**
 * What a frame says of one book.
 *
 * @param stream the stream by which clients subscribe to the book
 * @param snapshot whether it is the whole book, or levels that changed
 * @param depth levels that a client keeps on each side; 0 for all
 * @param notes what a snapshot of this book needs besides its levels, in the venue's spelling
 */
public record BookChange(
        String stream,
        String symbol,
        boolean snapshot,
        int depth,
        List<BookLevel> bids,
        List<BookLevel> asks,
        Map<String, String> notes) {}
