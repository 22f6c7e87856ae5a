package io.tidemark.exchange;

import io.tidemark.exchange.emission.Pace;
import io.tidemark.exchange.fault.FaultPlan;
import io.tidemark.exchange.recording.Recording;
import io.tidemark.exchange.replay.SegmentRecording;
import io.tidemark.exchange.serve.Venue;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code serve}: runs until SIGTERM, Ctrl-C or a failure. */
@Command(
        name = "serve",
        description = "Serves recordings or a seeded market as the venue would.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ServeCommand implements Callable<Integer> {
    private static final int MOST_SYMBOLS = 1_000;
    private static final String VENUES =
            "binance, binanceus, binance-usdm, coinbase, coinbase-advanced, kraken-v1, kraken, okx";

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to listen on (${DEFAULT-VALUE}).")
    String host = "127.0.0.1";

    @Option(
            names = "--port",
            defaultValue = "8090",
            description = "Port to listen on (${DEFAULT-VALUE}); 0 takes a free one.")
    int port;

    @Option(
            names = "--venue",
            defaultValue = "binance",
            description = "Whose protocol to speak (${DEFAULT-VALUE}): " + VENUES + ".")
    String venue = "binance";

    @Option(
            names = "--capture",
            paramLabel = "FILE",
            description = "A recording to serve; several are served one after the other as one.")
    List<Path> captures = new ArrayList<>();

    @Option(
            names = "--segments",
            paramLabel = "DIR",
            description = "Serve what an edge recorded: its raw/ready, or a lake's raw.")
    @Nullable
    Path segments;

    @Option(names = "--source", paramLabel = "NAME", description = "Which source of the segments (the venue's name).")
    @Nullable
    String source;

    @Option(names = "--edge", paramLabel = "NAME", description = "Which edge, where several recorded the source.")
    @Nullable
    String edge;

    @Option(names = "--from", paramLabel = "INSTANT", description = "First receipt time of the segments to serve.")
    @Nullable
    Instant from;

    @Option(names = "--to", paramLabel = "INSTANT", description = "Receipt time before which serving ends.")
    @Nullable
    Instant to;

    @Option(names = "--market", description = "Serve a market model instead of recordings.")
    boolean market;

    @Option(
            names = "--symbols",
            split = ",",
            description = "Symbols of the market in the venue's spelling (BTC and ETH in US dollars).")
    List<String> symbols = new ArrayList<>();

    @Option(names = "--seed", defaultValue = "1", description = "Seed of the market (${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            description = "Market time to emit (${DEFAULT-VALUE}); 0 for without end.")
    long seconds;

    @Option(
            names = "--start",
            paramLabel = "INSTANT",
            description = "Market time of the beginning, such as 2026-01-31T23:59:00Z (now, or as in the state file).")
    @Nullable
    Instant start;

    @Option(
            names = "--speed",
            paramLabel = "max|N",
            defaultValue = "max",
            description = "max: as fast as the clients read; N: N times the recorded pace (${DEFAULT-VALUE}).")
    String speed = "max";

    @Option(
            names = "--patient",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Wait while no client is connected (default); --no-patient goes on by the clock.")
    boolean patient;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description = "Keeps the place, so that a restart with the same arguments goes on exactly.")
    @Nullable
    Path state;

    @Option(
            names = {"--fault", "--faults"},
            split = ",",
            paramLabel = "FAULT",
            description = "Faults before numbered frames, such as mute@1000:30s, skip@2000x5, duplicate@N, reorder@N,"
                    + " garbage@N, half-frame@N, huge-frame@N:100MB, disconnect@N, close-24h@N, flood@N:5s,"
                    + " refuse@Nx3:429:2s, slam@N; random:SEED:RATE makes its own. See the module's README.")
    List<String> faults = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        ServeSettings settings = settings();
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        AtomicInteger code = new AtomicInteger();
        try (ExchangeRun run = ExchangeRun.start(
                spoken(),
                settings,
                InstantSource.system(),
                System::nanoTime,
                (file, lines) -> err().println(String.format(Locale.ROOT, "checked %,d lines of %s", lines, file)),
                e -> {
                    failure.set(e);
                    stop.countDown();
                })) {
            // A process that is asked to stop ends with 0; the JVM alone would end with 143.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                stop.countDown();
                boolean clean = await(stopped, 15);
                Runtime.getRuntime().halt(clean ? code.get() : 1);
            }));
            out().println("listening on " + settings.host() + ":" + run.port());
            out().flush();
            stop.await();
        }
        Throwable reason = failure.get();
        if (reason != null) {
            err().println("tidemark-exchange: " + reason.getMessage());
            err().flush();
            code.set(1);
        }
        stopped.countDown();
        return code.get();
    }

    private static boolean await(CountDownLatch latch, long seconds) {
        try {
            return latch.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** All mistakes in one message. */
    private ServeSettings settings() throws IOException {
        List<String> mistakes = new ArrayList<>();
        int sources = (market ? 1 : 0) + (captures.isEmpty() ? 0 : 1) + (segments == null ? 0 : 1);
        if (sources != 1) {
            mistakes.add("one of --capture FILE, --segments DIR and --market is needed, and only one");
        }
        if (segments == null && (from != null || to != null || edge != null || source != null)) {
            mistakes.add("--source, --edge, --from and --to belong to --segments");
        }
        Venue<?> spoken = Venues.named(venue);
        if (spoken == null) {
            mistakes.add("--venue: \"" + venue + "\" is none of " + Venues.names());
        } else if (market && spoken.marketSymbols().isEmpty()) {
            mistakes.add("--market: the market is not spoken in the words of " + venue + "; give --capture FILE");
        }
        if (port < 0 || port > 65_535) {
            mistakes.add("--port: " + port + " is not between 0 and 65535");
        }
        List<String> listed =
                symbols.stream().map(s -> s.toUpperCase(Locale.ROOT)).toList();
        if (listed.isEmpty() && spoken != null) {
            listed = spoken.marketSymbols();
        }
        for (String symbol : listed) {
            if (spoken != null && !spoken.isMarketSymbol(symbol)) {
                mistakes.add("--symbols: \"" + symbol + "\" is not a symbol");
            }
        }
        if (listed.size() > MOST_SYMBOLS || new HashSet<>(listed).size() < listed.size()) {
            mistakes.add("--symbols: at most " + MOST_SYMBOLS + ", each once");
        }
        if (seconds < 0) {
            mistakes.add("--seconds: " + seconds + " is below 0");
        }
        try {
            FaultPlan.of(faults, System::nanoTime);
        } catch (IllegalArgumentException e) {
            mistakes.add("--fault: " + e.getMessage());
        }
        Pace pace = pace(mistakes);
        if (!patient && pace.isUnlimited()) {
            mistakes.add("--no-patient needs a clock to go by: give --speed a number");
        }
        if (!mistakes.isEmpty()) {
            throw new ParameterException(commandSpec().commandLine(), String.join("; ", mistakes));
        }
        return new ServeSettings(host, port, recordings(), listed, seed, seconds, start, pace, patient, state, faults);
    }

    private List<Recording> recordings() throws IOException {
        Path folder = segments;
        return folder == null
                ? captures.stream().map(Recording::of).toList()
                : List.of(SegmentRecording.in(folder, source == null ? venue : source, edge, from, to));
    }

    private Venue<?> spoken() {
        Venue<?> spoken = Venues.named(venue);
        if (spoken == null) {
            throw new IllegalStateException("checked before");
        }
        return spoken;
    }

    private Pace pace(List<String> mistakes) {
        if (speed.equals("max")) {
            return Pace.unlimited();
        }
        if (speed.matches("\\d{1,6}(\\.\\d{1,6})?") && Double.parseDouble(speed) > 0) {
            return Pace.times(Double.parseDouble(speed));
        }
        mistakes.add("--speed: \"" + speed + "\" is neither max nor a number above 0");
        return Pace.unlimited();
    }

    private CommandSpec commandSpec() {
        if (spec == null) {
            throw new IllegalStateException("run by picocli only");
        }
        return spec;
    }

    private PrintWriter out() {
        return commandSpec().commandLine().getOut();
    }

    private PrintWriter err() {
        return commandSpec().commandLine().getErr();
    }
}
