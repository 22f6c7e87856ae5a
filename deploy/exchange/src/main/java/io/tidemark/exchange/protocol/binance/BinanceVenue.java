package io.tidemark.exchange.protocol.binance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.exchange.emission.Emission;
import io.tidemark.exchange.emission.Tape;
import io.tidemark.exchange.market.MarketPlan;
import io.tidemark.exchange.recording.Recording;
import io.tidemark.exchange.serve.Venue;
import io.tidemark.exchange.serve.VenueEndpoint;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Binance's spot market, Binance.US, which speaks the same, and Binance's USD-M futures. */
public final class BinanceVenue implements Venue<BinanceReel> {
    private final String name;
    private final Flavor flavor;

    private BinanceVenue(String name, Flavor flavor) {
        this.name = name;
        this.flavor = flavor;
    }

    public static BinanceVenue spot() {
        return new BinanceVenue("binance", Flavor.SPOT);
    }

    public static BinanceVenue us() {
        return new BinanceVenue("binanceus", Flavor.SPOT);
    }

    public static BinanceVenue usdM() {
        return new BinanceVenue("binance-usdm", Flavor.USD_M);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CheckedRecording<BinanceReel> check(List<Recording> files, Watcher watcher) throws IOException {
        RecordingSummary summary = RecordingScan.of(files, flavor, watcher);
        return new CheckedRecording<>() {
            @Override
            public Tape<BinanceReel> tape() throws IOException {
                return new RecordedTape(summary, flavor);
            }

            @Override
            public long frames() {
                return summary.frames();
            }

            @Override
            public ObjectNode json() {
                return SummaryReport.json(summary);
            }

            @Override
            public String text() {
                return SummaryReport.text(summary);
            }
        };
    }

    @Override
    public @Nullable Tape<BinanceReel> market(MarketPlan plan) {
        return flavor == Flavor.SPOT ? new MarketTape(plan) : null;
    }

    @Override
    public List<String> marketSymbols() {
        return flavor == Flavor.SPOT ? List.of("BTCUSDT", "ETHUSDT") : List.of();
    }

    @Override
    public boolean isMarketSymbol(String symbol) {
        return symbol.matches("[A-Z0-9]{2,20}");
    }

    @Override
    public VenueEndpoint endpoint(
            Vertx vertx, Emission<BinanceReel> emission, InstantSource clock, Tape<BinanceReel> tape) {
        return new BinanceEndpoint(vertx, emission, clock, flavor);
    }
}
