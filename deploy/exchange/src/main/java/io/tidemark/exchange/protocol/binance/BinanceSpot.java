package io.tidemark.exchange.protocol.binance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.exchange.emission.Emission;
import io.tidemark.exchange.emission.Tape;
import io.tidemark.exchange.market.MarketPlan;
import io.tidemark.exchange.serve.Venue;
import io.tidemark.exchange.serve.VenueEndpoint;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** Binance's spot market, and Binance.US, which speaks the same. */
public final class BinanceSpot implements Venue<BinanceReel> {
    private final String name;

    public BinanceSpot() {
        this("binance");
    }

    private BinanceSpot(String name) {
        this.name = name;
    }

    public static BinanceSpot us() {
        return new BinanceSpot("binanceus");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CheckedRecording<BinanceReel> check(List<Path> files, Watcher watcher) throws IOException {
        RecordingSummary summary = RecordingScan.of(files, watcher);
        return new CheckedRecording<>() {
            @Override
            public Tape<BinanceReel> tape() throws IOException {
                return new RecordedTape(summary);
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
    public Tape<BinanceReel> market(MarketPlan plan) {
        return new MarketTape(plan);
    }

    @Override
    public List<String> marketSymbols() {
        return List.of("BTCUSDT", "ETHUSDT");
    }

    @Override
    public boolean isMarketSymbol(String symbol) {
        return symbol.matches("[A-Z0-9]{2,20}");
    }

    @Override
    public VenueEndpoint endpoint(
            Vertx vertx, Emission<BinanceReel> emission, InstantSource clock, Tape<BinanceReel> tape) {
        return new BinanceEndpoint(vertx, emission, clock);
    }
}
