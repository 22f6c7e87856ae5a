package io.tidemark.edge.venue.binance;

import io.tidemark.contracts.event.Channel;
import java.util.Optional;
import java.util.Set;

/** One of the streams that a symbol has, as the venue spells it behind the {@code @}. */
record BinanceStream(String name, Kind kind) {
    enum Kind {
        TRADE,
        AGG_TRADE,
        BOOK_TICKER,
        DEPTH,
        KLINE,
        TICKER
    }

    private static final Set<String> DEPTHS = Set.of("depth", "depth@100ms", "depth@1000ms");

    /** Nothing for a stream that this edge does not know. */
    static Optional<BinanceStream> of(String name) {
        Kind kind = switch (name) {
            case "trade" -> Kind.TRADE;
            case "aggTrade" -> Kind.AGG_TRADE;
            case "bookTicker" -> Kind.BOOK_TICKER;
            case "ticker", "miniTicker" -> Kind.TICKER;
            default -> {
                if (DEPTHS.contains(name)) {
                    yield Kind.DEPTH;
                }
                yield name.startsWith("kline_")
                                && Channel.INTERVAL
                                        .matcher(name.substring("kline_".length()))
                                        .matches()
                        ? Kind.KLINE
                        : null;
            }
        };
        return kind == null ? Optional.empty() : Optional.of(new BinanceStream(name, kind));
    }
}
