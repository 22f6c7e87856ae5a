package io.tidemark.exchange.protocol.subscribed;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All books of one pass over a tape. */
final class StandingBooks {
    private final Map<String, StandingBook> books = new HashMap<>();

    StandingBook apply(BookChange change) {
        StandingBook book = books.computeIfAbsent(change.stream(), stream -> new StandingBook(stream, change.symbol()));
        book.apply(change);
        return book;
    }

    /** The book of a stream, or null before its snapshot has gone by. */
    @Nullable
    StandingBook of(String stream) {
        StandingBook book = books.get(stream);
        return book == null || !book.hasBegun() ? null : book;
    }
}
