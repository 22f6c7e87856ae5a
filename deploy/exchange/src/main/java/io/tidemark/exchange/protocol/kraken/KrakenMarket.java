package io.tidemark.exchange.protocol.kraken;

import io.tidemark.exchange.market.MarketModel;
import io.tidemark.exchange.protocol.subscribed.Decoded;
import io.tidemark.exchange.protocol.subscribed.MarketScript;
import java.util.ArrayList;
import java.util.List;

/** A market as Kraken's v2 sends it, with a book of each depth that can be subscribed to. */
final class KrakenMarket implements MarketScript {
    static final int DEFAULT_DEPTH = 10;
    static final List<Integer> DEPTHS = List.of(10, 25, 100, 500, 1000);

    static String bookStream(String symbol, int depth) {
        return Decoded.stream("book-" + depth, symbol);
    }

    @Override
    public List<String> streams(List<String> symbols) {
        List<String> streams = new ArrayList<>();
        for (String symbol : symbols) {
            DEPTHS.forEach(depth -> streams.add(bookStream(symbol, depth)));
            for (String channel : List.of("ohlc", "ticker", "trade")) {
                streams.add(Decoded.stream(channel, symbol));
            }
        }
        return streams;
    }

    @Override
    public List<String> usualSymbols() {
        return List.of("BTC/USD", "ETH/USD");
    }

    @Override
    public boolean isSymbol(String symbol) {
        return symbol.matches("[A-Z0-9]{2,12}/[A-Z0-9]{2,12}");
    }

    @Override
    public Writer open(MarketModel model, List<String> symbols, long startMicros) {
        return new KrakenPen(model, symbols, startMicros);
    }
}
