package io.tidemark.edge.venue.coinbase;

import io.tidemark.edge.feed.Instrument;
import io.tidemark.edge.venue.IdChain;
import io.tidemark.edge.venue.SocketBook;

/** One subscribed product. */
final class Symbol {
    final Instrument instrument;
    final SocketBook book;
    final IdChain trades = new IdChain();
    /** A trade was told on the connection that stands: a hole behind it is this connection's. */
    boolean tradesHeard;

    Symbol(Instrument instrument, SocketBook book) {
        this.instrument = instrument;
        this.book = book;
    }
}
