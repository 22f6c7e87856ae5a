package io.tidemark.exchange;

import io.tidemark.exchange.emission.Emission;
import io.tidemark.exchange.emission.Reel;
import io.tidemark.exchange.emission.RunState;
import io.tidemark.exchange.emission.StateFile;
import io.tidemark.exchange.emission.StateStore;
import io.tidemark.exchange.emission.Tape;
import io.tidemark.exchange.fault.FaultPlan;
import io.tidemark.exchange.market.MarketPlan;
import io.tidemark.exchange.serve.SimulatedExchange;
import io.tidemark.exchange.serve.Venue;
import io.tidemark.exchange.serve.VenueEndpoint;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One running exchange: tape, emission, server. Starting checks the recordings, takes up the state of
 * an earlier incarnation and listens; {@link #close} stops in the order server, emission, event loop.
 */
final class ExchangeRun implements AutoCloseable {
    private final Vertx vertx;
    private final Emission<?> emission;
    private final SimulatedExchange server;

    private ExchangeRun(Vertx vertx, Emission<?> emission, SimulatedExchange server) {
        this.vertx = vertx;
        this.emission = emission;
        this.server = server;
    }

    static <R extends Reel> ExchangeRun start(
            Venue<R> venue,
            ServeSettings settings,
            InstantSource clock,
            LongSupplier nanoClock,
            Venue.Watcher watcher,
            Consumer<Throwable> onFailure)
            throws IOException {
        @Nullable Path file = settings.state();
        @Nullable StateFile stateFile = file == null ? null : new StateFile(file);
        @Nullable RunState earlier = stateFile == null ? null : stateFile.load();
        boolean market = settings.recordings().isEmpty();
        @Nullable Instant start = market ? marketStart(settings, earlier, clock) : null;
        @Nullable
        Tape<R> tape = start == null
                ? venue.check(settings.recordings(), watcher).tape()
                : venue.market(new MarketPlan(settings.symbols(), settings.seed(), start, settings.seconds()));
        if (tape == null) {
            throw new IOException("no market is spoken in the words of " + venue.name() + "; give it recordings");
        }
        RunState state = earlier;
        if (state == null) {
            state = RunState.fresh(tape.fingerprint(), start == null ? null : start.toString());
            if (stateFile != null) {
                stateFile.save(state);
            }
        } else if (!state.run().equals(tape.fingerprint())) {
            throw new IOException("the state file " + settings.state() + " belongs to another run (" + state.run()
                    + "; asked for: " + tape.fingerprint() + ")");
        }
        FaultPlan faults = FaultPlan.of(settings.faults(), nanoClock);
        Emission<R> emission = new Emission<>(
                tape,
                settings.pace(),
                settings.patient(),
                faults,
                state,
                stateFile == null ? StateStore.NONE : stateFile,
                nanoClock,
                onFailure);
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        try {
            VenueEndpoint endpoint = venue.endpoint(vertx, emission, clock, tape);
            SimulatedExchange server = SimulatedExchange.listen(
                    vertx,
                    settings.host(),
                    settings.port(),
                    endpoint,
                    new SimulatedExchange.Description(
                            venue.name(), market ? "market" : "capture", tape.streams(), tape.symbols()),
                    emission::status,
                    faults,
                    emission::wake);
            emission.start();
            return new ExchangeRun(vertx, emission, server);
        } catch (IOException e) {
            close(vertx);
            throw e;
        }
    }

    private static Instant marketStart(ServeSettings settings, @Nullable RunState earlier, InstantSource clock)
            throws IOException {
        if (settings.start() != null) {
            return settings.start();
        }
        @Nullable String kept = earlier == null ? null : earlier.start();
        if (kept == null) {
            return clock.instant().truncatedTo(ChronoUnit.MILLIS);
        }
        try {
            return Instant.parse(kept);
        } catch (DateTimeParseException e) {
            throw new IOException(
                    "the state file " + settings.state() + " holds no start time but \"" + kept + "\"", e);
        }
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        emission.close();
        close(vertx);
    }

    private static void close(Vertx vertx) {
        try {
            vertx.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(5, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            // It ends with the process at the latest.
        }
    }
}
