package io.tidemark.edge.venue.krakenv1;

import io.tidemark.edge.feed.Instrument;
import io.tidemark.edge.venue.HeldCandles;
import io.tidemark.edge.venue.SocketBook;

/** One subscribed pair. */
final class Symbol {
    final Instrument instrument;
    final SocketBook book;
    final HeldCandles candles = new HeldCandles();
    /** Its top of book comes as spreads: tickers are no quotes then. */
    boolean spreads;

    Symbol(Instrument instrument, SocketBook book) {
        this.instrument = instrument;
        this.book = book;
    }
}
