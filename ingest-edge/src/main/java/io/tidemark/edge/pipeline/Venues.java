package io.tidemark.edge.pipeline;

import io.tidemark.edge.feed.VenueProtocol;
import io.tidemark.edge.venue.binance.BinanceSite;
import java.util.List;
import java.util.Optional;

/** Every venue that can be recorded. A new one is added here. */
final class Venues {
    private static final List<VenueProtocol> ALL =
            List.of(BinanceSite.BINANCE, BinanceSite.BINANCEUS, BinanceSite.BINANCE_USDM);

    private Venues() {}

    static Optional<VenueProtocol> of(String name) {
        return ALL.stream().filter(protocol -> protocol.label().equals(name)).findFirst();
    }

    static List<String> names() {
        return ALL.stream().map(VenueProtocol::label).toList();
    }
}
