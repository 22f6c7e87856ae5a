package io.tidemark.edge.pipeline;

import io.tidemark.edge.feed.VenueProtocol;
import io.tidemark.edge.venue.binance.BinanceSite;
import io.tidemark.edge.venue.coinbase.Coinbase;
import io.tidemark.edge.venue.coinbaseadvanced.CoinbaseAdvanced;
import io.tidemark.edge.venue.kraken.Kraken;
import io.tidemark.edge.venue.krakenv1.KrakenV1;
import io.tidemark.edge.venue.okx.Okx;
import java.util.List;
import java.util.Optional;

/** Every venue that can be recorded. A new one is added here. */
final class Venues {
    private static final List<VenueProtocol> ALL = List.of(
            BinanceSite.BINANCE,
            BinanceSite.BINANCEUS,
            BinanceSite.BINANCE_USDM,
            Coinbase.PROTOCOL,
            CoinbaseAdvanced.PROTOCOL,
            Kraken.PROTOCOL,
            KrakenV1.PROTOCOL,
            Okx.PROTOCOL);

    private Venues() {}

    static Optional<VenueProtocol> of(String name) {
        return ALL.stream().filter(protocol -> protocol.label().equals(name)).findFirst();
    }

    static List<String> names() {
        return ALL.stream().map(VenueProtocol::label).toList();
    }
}
