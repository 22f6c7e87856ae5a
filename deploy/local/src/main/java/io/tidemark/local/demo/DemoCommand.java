package io.tidemark.local.demo;

import io.tidemark.local.count.SqlCount;
import io.tidemark.local.database.DatabaseFolder;
import io.tidemark.local.stack.Installation;
import io.tidemark.local.stack.LocalStack;
import io.tidemark.local.stack.Program;
import io.tidemark.local.stack.StackPlan;
import io.tidemark.local.stack.StackPorts;
import io.tidemark.local.supervise.StackFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./tidemark demo}: reads the options, starts the stack, runs the {@link Demo}, prints its result. */
@Command(
        name = "demo",
        sortOptions = false,
        description = {
            "Runs the whole path on this machine: a simulated exchange, the edge, Kafka, PostgreSQL, the lake.",
            "Ends with one table; the exit code is 0 only if every count agrees."
        })
public final class DemoCommand implements Callable<Integer> {
    /** Whose protocol the edge and the simulated exchange both speak, and the symbols of a market model where it has one. */
    private static final Map<String, String> VENUES = new LinkedHashMap<>();

    static {
        VENUES.put("binance", "BTCUSDT,ETHUSDT");
        VENUES.put("binanceus", "");
        VENUES.put("binance-usdm", "");
        VENUES.put("coinbase", "BTC-USD,ETH-USD");
        VENUES.put("coinbase-advanced", "");
        VENUES.put("kraken-v1", "");
        VENUES.put("kraken", "BTC/USD,ETH/USD");
        VENUES.put("okx", "");
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    private boolean help;

    static final String LIVE_WEBSOCKET = "wss://stream.binance.com:9443";
    private static final String LIVE_REST = "https://api.binance.com";
    private static final String LIVE_STREAMS = "trade,bookTicker,depth@100ms";
    private static final String EDGE = "demo";
    private static final String TENANT = "default";

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "20",
            description = "market time of the market model, or running time with --live (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--capture",
            paramLabel = "FILE",
            description = "replay this recording instead of the market model; repeatable, one after the other")
    private List<Path> captures = new ArrayList<>();

    @Option(names = "--live", paramLabel = "SYMBOL", description = "the real exchange, such as --live BTCUSDT")
    private @Nullable String live;

    @Option(
            names = "--speed",
            paramLabel = "max|N",
            description = "max: as fast as the edge reads; N: so many times the recording's or model's own pace"
                    + " (default: max for recordings, 1 for the market model)")
    private @Nullable String speed;

    @Option(
            names = "--symbols",
            paramLabel = "A,B",
            description = "instruments of the market model in the venue's spelling (default: two of them)")
    private @Nullable String symbols;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "seed of the market model (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--start",
            paramLabel = "INSTANT",
            description = "event time of the model's first frame (default: now)")
    private @Nullable String start;

    @Option(
            names = "--venue",
            paramLabel = "NAME",
            defaultValue = "binance",
            description = "whose protocol is spoken: binance, binanceus, binance-usdm, coinbase, coinbase-advanced,"
                    + " kraken-v1, kraken or okx; without a recording binance, coinbase or kraken"
                    + " (default: ${DEFAULT-VALUE})")
    private String venue = "";

    @Option(
            names = "--keep",
            description = "leave everything running at the end; prints ports, a psql line and the JDBC URL")
    private boolean keep;

    @Option(names = "--json", description = "print the result as one JSON object on the last line")
    private boolean json;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "folder for logs and data; new or empty (default: tidemark-data/demo-<time>)")
    private @Nullable Path dir;

    @Option(
            names = "--port-base",
            paramLabel = "N",
            defaultValue = "0",
            description = "use the nine ports from N on (default: free ones)")
    private int portBase;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "any setting of a service, such as --set edge.bars.intervals=1s,5m; repeatable")
    private List<String> settings = new ArrayList<>();

    @Override
    public Integer call() {
        Installation installation = Installation.current();
        DemoOptions options = options(installation);
        Console console = new Console();
        StackPlan plan = plan(options, installation);
        console.say("logs and data: " + plan.run());
        try (LocalStack stack = LocalStack.prepare(plan, installation, console)) {
            Thread onSignal = new Thread(
                    () -> {
                        console.say("stopping everything");
                        stack.close();
                        console.say("stopped; logs and data: " + plan.run());
                    },
                    "stop-on-signal");
            Runtime.getRuntime().addShutdownHook(onSignal);
            try {
                return run(options, stack, console);
            } finally {
                stack.close();
                removeHook(onSignal);
            }
        }
    }

    private int run(DemoOptions options, LocalStack stack, Console console) {
        stack.start();
        Demo.Outcome outcome = new Demo(options, stack, console).run();
        console.endOpenLine();
        DemoReport report = new DemoReport(
                outcome.counts(),
                outcome.runs(),
                outcome.edgePeakMegabytes(),
                stack.plan().run());
        if (options.keep()) {
            stack.restartEdge(true);
            stack.service(Program.SYNC).start();
            stack.service(Program.SYNC).awaitReady();
            System.out.println(report.table());
            System.out.println(addresses(stack));
            if (options.json()) {
                System.out.println(report.json());
            }
            System.out.flush();
            console.say("everything is left running; Ctrl-C stops it");
            while (!stack.isClosed()) {
                stack.check();
                LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
            }
        } else {
            stack.close();
            System.out.println(report.table());
            if (options.json()) {
                System.out.println(report.json());
            }
        }
        return report.agree() ? 0 : 1;
    }

    private DemoOptions options(Installation installation) {
        List<String> mistakes = new ArrayList<>();
        String usual = VENUES.get(venue);
        if (usual == null) {
            mistakes.add("--venue knows " + String.join(", ", VENUES.keySet()) + ", not \"" + venue + "\"");
        } else if (captures.isEmpty() && live == null && usual.isEmpty()) {
            mistakes.add("there is no market model of " + venue + ": give a recording by --capture");
        }
        if (live != null && !venue.equals("binance")) {
            mistakes.add("--live goes with --venue binance only");
        }
        if (live != null && !captures.isEmpty()) {
            mistakes.add("--live and --capture exclude each other");
        }
        if (live != null && !live.matches("[A-Za-z0-9]{2,20}")) {
            mistakes.add("--live takes a symbol such as BTCUSDT, not \"" + live + "\"");
        }
        if (seconds < 1) {
            mistakes.add("--seconds must be at least 1, not " + seconds);
        }
        String pace = speed != null ? speed : captures.isEmpty() ? "1" : "max";
        if (!pace.matches("max|\\d+(\\.\\d+)?")) {
            mistakes.add("--speed is max or a number, not \"" + pace + "\"");
        }
        if (!mistakes.isEmpty()) {
            throw new StackFailure(String.join("\n", mistakes));
        }
        Path folder = dir == null
                ? installation
                        .root()
                        .resolve("tidemark-data")
                        .resolve("demo-"
                                + LocalDateTime.now(java.time.ZoneId.systemDefault())
                                        .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)))
                : dir;
        requireEmpty(folder);
        return new DemoOptions(
                folder,
                venue,
                captures,
                live,
                Duration.ofSeconds(seconds),
                pace,
                seed,
                symbols != null ? symbols : usual == null ? "" : usual,
                start,
                keep,
                json,
                portBase,
                StackPlan.overrides(settings));
    }

    private static void requireEmpty(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            if (entries.findAny().isPresent()) {
                throw new StackFailure("the folder " + folder + " is not empty; a demo counts what it makes itself");
            }
        } catch (IOException e) {
            throw new StackFailure(folder + " is not a folder that can be used: " + e.getMessage(), e);
        }
    }

    private static StackPlan plan(DemoOptions options, Installation installation) {
        StackPorts ports = options.portBase() == 0 ? StackPorts.free() : StackPorts.from(options.portBase());
        Map<String, String> feed = new LinkedHashMap<>();
        List<String> exchange = new ArrayList<>();
        feed.put("venue", options.venue());
        if (options.live() != null) {
            feed.put("url", LIVE_WEBSOCKET);
            feed.put("rest-url", LIVE_REST);
            feed.put("symbols", options.live().toUpperCase(Locale.ROOT));
            feed.put("streams", LIVE_STREAMS);
        } else {
            feed.put("url", "ws://127.0.0.1:" + ports.exchange());
            feed.put("rest-url", "http://127.0.0.1:" + ports.exchange());
            feed.put("finite", "true");
            feed.put("resume", "true");
            exchange.addAll(List.of("--venue", options.venue(), "--speed", options.speed()));
            if (options.captures().isEmpty()) {
                feed.put("symbols", options.symbols());
                exchange.addAll(List.of(
                        "--market",
                        "--symbols",
                        options.symbols(),
                        "--seed",
                        Long.toString(options.seed()),
                        "--seconds",
                        Long.toString(options.duration().toSeconds())));
                if (options.start() != null) {
                    exchange.addAll(List.of("--start", options.start()));
                }
            } else {
                Recordings recordings = Recordings.inspect(installation, options.venue(), options.captures());
                feed.put("symbols", String.join(",", recordings.symbols()));
                feed.put("streams", String.join(",", recordings.streams()));
                options.captures()
                        .forEach(file -> exchange.addAll(
                                List.of("--capture", file.toAbsolutePath().toString())));
            }
        }
        Map<String, String> feeds = new LinkedHashMap<>();
        feed.forEach((name, value) -> feeds.put(options.venue() + "." + name, value));
        Set<Program> programs = options.live() == null
                ? EnumSet.allOf(Program.class)
                : EnumSet.complementOf(EnumSet.of(Program.EXCHANGE));
        return new StackPlan(options.dir(), programs, ports, EDGE, TENANT, exchange, feeds, options.settings());
    }

    private static String addresses(LocalStack stack) {
        StackPorts ports = stack.plan().ports();
        DatabaseFolder database = stack.database();
        String exchange = stack.plan().programs().contains(Program.EXCHANGE)
                ? "exchange        http://127.0.0.1:" + ports.exchange() + "/admin/status\n"
                : "";
        return exchange + "edge            http://127.0.0.1:" + ports.edge() + "/status\n"
                + "store-writer    http://127.0.0.1:" + ports.store() + "/status\n"
                + "lake-exporter   http://127.0.0.1:" + ports.lake() + "/q/health\n"
                + "sync-agent      http://127.0.0.1:" + ports.sync() + "/status\n"
                + "Kafka           " + stack.bootstrapServers() + "\n"
                + "PostgreSQL      PGPASSWORD=" + database.password() + " psql -h 127.0.0.1 -p " + database.port()
                + " -U " + DatabaseFolder.USER + " " + DatabaseFolder.DATABASE + "\n"
                + "Flight SQL      " + SqlCount.url(ports.flight()) + "\n"
                + "lake            " + stack.plan().lakeRoot() + "\n";
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending already and the hook runs.
        }
    }
}
