package io.tidemark.exchange.protocol.subscribed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.exchange.emission.Emission;
import io.tidemark.exchange.emission.Reel;
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

/** A venue whose streams are subscribed to by messages: all that is its own is its {@link Dialect}. */
public final class SubscribedVenue implements Venue<Reel> {
    private final Dialect dialect;

    public SubscribedVenue(Dialect dialect) {
        this.dialect = dialect;
    }

    @Override
    public String name() {
        return dialect.name();
    }

    @Override
    public CheckedRecording<Reel> check(List<Recording> files, Watcher watcher) throws IOException {
        RecordingSummary summary = RecordingScan.of(dialect, files, watcher);
        return new CheckedRecording<>() {
            @Override
            public Tape<Reel> tape() throws IOException {
                return new RecordedTape(summary, dialect);
            }

            @Override
            public long frames() {
                return summary.frames();
            }

            @Override
            public ObjectNode json() {
                return summary.json();
            }

            @Override
            public String text() {
                return summary.text();
            }
        };
    }

    @Override
    public @Nullable Tape<Reel> market(MarketPlan plan) {
        MarketScript script = dialect.marketScript();
        return script == null ? null : new MarketTape(plan, script, dialect);
    }

    @Override
    public List<String> marketSymbols() {
        MarketScript script = dialect.marketScript();
        return script == null ? List.of() : script.usualSymbols();
    }

    @Override
    public boolean isMarketSymbol(String symbol) {
        MarketScript script = dialect.marketScript();
        return script != null && script.isSymbol(symbol);
    }

    @Override
    public VenueEndpoint endpoint(Vertx vertx, Emission<Reel> emission, InstantSource clock, Tape<Reel> tape) {
        return new SubscribedEndpoint(vertx, emission, clock, dialect, tape.symbols(), tape instanceof MarketTape);
    }
}
