package io.tidemark.exchange;

import io.tidemark.exchange.protocol.binance.BinanceVenue;
import io.tidemark.exchange.protocol.coinbase.CoinbaseAdvanced;
import io.tidemark.exchange.protocol.coinbase.CoinbaseExchange;
import io.tidemark.exchange.protocol.kraken.KrakenV1;
import io.tidemark.exchange.protocol.kraken.KrakenV2;
import io.tidemark.exchange.protocol.okx.Okx;
import io.tidemark.exchange.protocol.subscribed.SubscribedVenue;
import io.tidemark.exchange.serve.Venue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every venue whose protocol is spoken, by the name it has everywhere. */
final class Venues {
    private static final Map<String, Venue<?>> BY_NAME = new LinkedHashMap<>();

    static {
        for (Venue<?> venue : List.of(
                BinanceVenue.spot(),
                BinanceVenue.us(),
                BinanceVenue.usdM(),
                new SubscribedVenue(new CoinbaseExchange()),
                new SubscribedVenue(new CoinbaseAdvanced()),
                new SubscribedVenue(new KrakenV1()),
                new SubscribedVenue(new KrakenV2()),
                new SubscribedVenue(new Okx()))) {
            BY_NAME.put(venue.name(), venue);
        }
    }

    private Venues() {}

    static @Nullable Venue<?> named(String name) {
        return BY_NAME.get(name);
    }

    static String names() {
        return String.join(", ", BY_NAME.keySet());
    }
}
