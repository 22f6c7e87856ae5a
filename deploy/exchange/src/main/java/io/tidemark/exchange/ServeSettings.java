package io.tidemark.exchange;

import io.tidemark.exchange.emission.Pace;
import io.tidemark.exchange.recording.Recording;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code serve} was asked to do; checked already.
 *
 * @param recordings in order; empty for a market
 * @param seconds market time to emit, 0 for without end
 * @param start first instant of the market; null for the one of the state file, or now
 * @param state where the place is kept; null for nowhere
 * @param faults as on the command line
 */
record ServeSettings(
        String host,
        int port,
        List<Recording> recordings,
        List<String> symbols,
        long seed,
        long seconds,
        @Nullable Instant start,
        Pace pace,
        boolean patient,
        @Nullable Path state,
        List<String> faults) {}
