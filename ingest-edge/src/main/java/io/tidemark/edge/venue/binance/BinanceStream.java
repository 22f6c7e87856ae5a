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
        TICKER,
        MARK_PRICE
    }

    private static final Set<String> SPOT_DEPTHS = Set.of("depth", "depth@100ms", "depth@1000ms");
    private static final Set<String> FUTURES_DEPTHS =
            Set.of("depth", "depth@0ms", "depth@100ms", "depth@250ms", "depth@500ms");

    /** Nothing for a stream that this edge does not know. */
    static Optional<BinanceStream> of(String name, boolean futures) {
        Kind kind = switch (name) {
            case "trade" -> Kind.TRADE;
            case "aggTrade" -> Kind.AGG_TRADE;
            case "bookTicker" -> Kind.BOOK_TICKER;
            case "ticker", "miniTicker" -> Kind.TICKER;
            default -> {
                if ((futures ? FUTURES_DEPTHS : SPOT_DEPTHS).contains(name)) {
                    yield Kind.DEPTH;
                }
                if (futures && (name.equals("markPrice") || name.equals("markPrice@1s"))) {
                    yield Kind.MARK_PRICE;
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
