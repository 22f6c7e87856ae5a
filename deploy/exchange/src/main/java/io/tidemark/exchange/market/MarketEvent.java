package io.tidemark.exchange.market;

import java.util.List;

/**
 * Something that happened in the market. Prices are ticks and quantities lots; their scales are those
 * of the {@link Listing}. Times are microseconds since 1970.
 */
public sealed interface MarketEvent {
    Listing listing();

    long timeMicros();

    /** An aggressor took from one price level. */
    record Trade(Listing listing, long timeMicros, long id, long price, long lots, boolean buyerIsMaker)
            implements MarketEvent {}

    /** The best bid or ask, or a quantity there, changed. */
    record Top(Listing listing, long timeMicros, long updateId, Level bid, Level ask) implements MarketEvent {}

    /** All levels that changed since the last such event, with what they hold now; 0 lots for gone. */
    record Depth(Listing listing, long timeMicros, long firstId, long lastId, List<Level> bids, List<Level> asks)
            implements MarketEvent {}
}
