package io.tidemark.exchange.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.exchange.emission.Emission;
import io.tidemark.exchange.emission.Reel;
import io.tidemark.exchange.emission.Tape;
import io.tidemark.exchange.market.MarketPlan;
import io.tidemark.exchange.recording.Recording;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An exchange whose protocol can be spoken. All that is its own lies behind this: how its recordings
 * are read, how a market is written in its words, and what it answers.
 */
public interface Venue<R extends Reel> {
    String name();

    /** Checks every line of the recordings; the first broken one is the failure. */
    CheckedRecording<R> check(List<Recording> files, Watcher watcher) throws IOException;

    /** The market in this venue's words; null if no market is spoken in them. */
    @Nullable
    Tape<R> market(MarketPlan plan);

    /** Symbols of a market if none are given; empty if no market is spoken. */
    List<String> marketSymbols();

    /** Whether the venue would spell a symbol so. */
    boolean isMarketSymbol(String symbol);

    /** To be called once; the endpoint speaks for that emission. */
    VenueEndpoint endpoint(Vertx vertx, Emission<R> emission, InstantSource clock, Tape<R> tape);

    /** Told now and then how far a long look has come. */
    interface Watcher {
        void lines(Path file, long lines);
    }

    /** A recording without a broken line. */
    interface CheckedRecording<R extends Reel> {
        Tape<R> tape() throws IOException;

        /** WebSocket frames in it. */
        long frames();

        /** What is in it, for programs. */
        ObjectNode json();

        /** What is in it, for people. */
        String text();
    }
}
