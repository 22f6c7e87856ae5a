package io.tidemark.edge.venue.okx;

import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.edge.feed.Instrument;
import io.tidemark.edge.venue.IdChain;
import io.tidemark.edge.venue.SocketBook;

/** One subscribed instrument. */
final class Symbol {
    final Instrument instrument;
    final SocketBook book;
    final IdChain trades = new IdChain();
    /** The number of the last message of the book, or {@code ABSENT} where there are none. */
    long bookSequence = EventEncoder.ABSENT;
    /** Its top of book comes on a channel of its own: tickers are no quotes then. */
    boolean tops;

    Symbol(Instrument instrument, SocketBook book) {
        this.instrument = instrument;
        this.book = book;
    }
}
