package io.tidemark.edge.venue.kraken;

import io.tidemark.edge.feed.Instrument;
import io.tidemark.edge.venue.HeldCandles;
import io.tidemark.edge.venue.IdChain;
import io.tidemark.edge.venue.SocketBook;

/** One subscribed pair. */
final class Symbol {
    final Instrument instrument;
    final SocketBook book;
    final IdChain trades = new IdChain();
    final HeldCandles candles = new HeldCandles();

    Symbol(Instrument instrument, SocketBook book) {
        this.instrument = instrument;
        this.book = book;
    }
}
