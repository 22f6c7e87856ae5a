package io.tidemark.local.stack;

import io.tidemark.local.broker.BrokerProcess;
import io.tidemark.local.database.DatabaseFolder;
import io.tidemark.local.supervise.ProcessSpec;
import io.tidemark.local.supervise.ProcessTable;
import io.tidemark.local.supervise.StackFailure;
import io.tidemark.local.supervise.SupervisedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Everything of Tidemark on one machine: broker, database, exchange and the four services, each a
 * supervised process with a folder of its own below the run folder.
 *
 * <p>Thread-safe as far as {@link #close} goes: it may be called from a shutdown hook while another
 * thread starts or waits, and leaves nothing running. After a kill of this JVM {@link ProcessTable#stopAll}
 * ends what is left.
 */
public final class LocalStack implements AutoCloseable {
    private static final Duration READY = Duration.ofSeconds(120);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final Duration EDGE_STOP = Duration.ofMinutes(5);
    private static final Duration HURRIED_EDGE_STOP = Duration.ofSeconds(30);

    private final StackPlan plan;
    private final Installation installation;
    private final StackListener listener;
    private final JsonHttp http = new JsonHttp();
    private final ProcessTable table;
    private final Map<Program, SupervisedProcess> services = new EnumMap<>(Program.class);
    private final List<SupervisedProcess> all = new CopyOnWriteArrayList<>();
    private final List<OneShot> oneShots = new CopyOnWriteArrayList<>();
    private final DatabaseFolder database;
    private final Object closing = new Object();
    private boolean closed;

    private LocalStack(StackPlan plan, Installation installation, DatabaseFolder database, StackListener listener) {
        this.plan = plan;
        this.installation = installation;
        this.database = database;
        this.listener = listener;
        this.table = new ProcessTable(plan.run());
    }

    /** Makes the folders, the database cluster and the settings files; starts nothing that stays. */
    public static LocalStack prepare(StackPlan plan, Installation installation, StackListener listener) {
        try {
            Files.createDirectories(plan.run());
        } catch (IOException e) {
            throw new StackFailure("cannot create the run folder " + plan.run() + ": " + e.getMessage(), e);
        }
        DatabaseFolder database = DatabaseFolder.prepare(
                plan.run().resolve("database"), plan.ports().database());
        LocalStack stack = new LocalStack(plan, installation, database, listener);
        stack.add(null, stack.brokerSpec());
        stack.add(null, stack.databaseSpec());
        if (plan.programs().contains(Program.EXCHANGE)) {
            stack.add(Program.EXCHANGE, stack.exchangeSpec());
        }
        for (Program program : List.of(Program.STORE, Program.LAKE, Program.SYNC, Program.EDGE)) {
            if (plan.programs().contains(program)) {
                stack.add(program, stack.serviceSpec(program));
            }
        }
        return stack;
    }

    /** Starts everything and waits until all of it is ready. */
    public void start() {
        int carriers = services.containsKey(Program.EXCHANGE) ? 3 : 2;
        startAndAwait(all.subList(0, carriers));
        startAndAwait(all.subList(carriers, all.size()));
    }

    public StackPlan plan() {
        return plan;
    }

    public DatabaseFolder database() {
        return database;
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + plan.ports().broker();
    }

    public JsonHttp http() {
        return http;
    }

    /** A service of this stack, or the exchange where there is one. */
    public SupervisedProcess service(Program program) {
        SupervisedProcess process = services.get(program);
        if (process == null) {
            throw new IllegalStateException("this stack has no " + program.title());
        }
        return process;
    }

    /** Throws when a process has failed for good, or when the stack was closed meanwhile. */
    public void check() {
        if (isClosed()) {
            throw new StackFailure("stopped");
        }
        for (SupervisedProcess process : all) {
            String failure = process.failure();
            if (failure != null) {
                throw new StackFailure(failure);
            }
        }
    }

    /** Starts the edge again with the feeds connected, or only to recover, forward and convert. */
    public void restartEdge(boolean connect) {
        SettingsFile.write(plan.settingsFile(Program.EDGE), plan.settings(Program.EDGE, connect));
        check();
        service(Program.EDGE).start();
        service(Program.EDGE).awaitReady();
    }

    /** Runs one of a service's own commands with the service's settings; it is ended when the stack is closed. */
    public OneShot.Result runOnce(Program program, Duration limit, List<String> arguments) {
        OneShot shot = new OneShot(
                program.title() + " " + arguments.get(0),
                installation.command(program, plan.settingsFile(program), arguments),
                environment(program),
                plan.folder(program));
        synchronized (this) {
            if (closed) {
                throw new StackFailure("stopped");
            }
            oneShots.add(shot);
            shot.start();
        }
        writeTable();
        try {
            return shot.await(limit);
        } finally {
            oneShots.remove(shot);
            writeTable();
        }
    }

    /** Whoever calls second waits for the first: a shutdown hook that returned early would leave processes. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        synchronized (closing) {
            oneShots.forEach(OneShot::kill);
            List<SupervisedProcess> reverse = new ArrayList<>(all);
            Collections.reverse(reverse);
            for (SupervisedProcess process : reverse) {
                if (process.isRunning()) {
                    listener.stopping(process.spec().name());
                }
                if (process == services.get(Program.EDGE)) {
                    process.stop(HURRIED_EDGE_STOP);
                } else {
                    process.stop();
                }
            }
        }
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    private void startAndAwait(List<SupervisedProcess> processes) {
        for (SupervisedProcess process : processes) {
            synchronized (this) {
                if (closed) {
                    throw new StackFailure("stopped");
                }
                process.start();
            }
        }
        for (SupervisedProcess process : processes) {
            long began = System.nanoTime();
            process.awaitReady();
            listener.ready(process.spec().name(), Duration.ofNanos(System.nanoTime() - began));
        }
    }

    private void add(@Nullable Program program, ProcessSpec spec) {
        SupervisedProcess process = new SupervisedProcess(spec, new SupervisedProcess.Listener() {
            @Override
            public void changed() {
                writeTable();
            }

            @Override
            public void restarting(String name, int exitCode) {
                listener.restarting(name, exitCode);
            }
        });
        all.add(process);
        if (program != null) {
            services.put(program, process);
        }
    }

    private void writeTable() {
        List<ProcessTable.Entry> entries = new ArrayList<>();
        for (SupervisedProcess process : all) {
            process.entry().ifPresent(entries::add);
        }
        for (OneShot shot : oneShots) {
            shot.entry().ifPresent(entries::add);
        }
        table.write(entries);
    }

    private ProcessSpec brokerSpec() {
        Path folder = plan.run().resolve("broker");
        StackPorts ports = plan.ports();
        return new ProcessSpec(
                "broker",
                BrokerProcess.command(
                        System.getProperty("java.class.path"),
                        folder.resolve("data"),
                        ports.broker(),
                        ports.controller()),
                Map.of(),
                folder,
                folder.resolve("broker.log"),
                Map.of("kafka", ports.broker(), "controller", ports.controller()),
                () -> BrokerReadiness.answers(bootstrapServers()),
                READY,
                false,
                STOP,
                () -> {});
    }

    private ProcessSpec databaseSpec() {
        Path folder = plan.run().resolve("database");
        return new ProcessSpec(
                "database",
                database.command(),
                Map.of(),
                folder,
                folder.resolve("database.log"),
                Map.of("postgresql", database.port()),
                database::ready,
                READY,
                true,
                STOP,
                database::clearLeftovers);
    }

    private ProcessSpec exchangeSpec() {
        Path folder = plan.folder(Program.EXCHANGE);
        int port = plan.ports().exchange();
        List<String> arguments = new ArrayList<>(List.of(
                "serve",
                "--port",
                Integer.toString(port),
                "--state",
                folder.resolve("state.json").toString()));
        arguments.addAll(plan.exchange());
        return new ProcessSpec(
                Program.EXCHANGE.title(),
                installation.command(Program.EXCHANGE, null, arguments),
                Map.of(),
                folder,
                folder.resolve("exchange.log"),
                Map.of("http", port),
                () -> http.ok(port, "/admin/status"),
                READY,
                false,
                STOP,
                () -> {});
    }

    private ProcessSpec serviceSpec(Program program) {
        Path settings = plan.settingsFile(program);
        SettingsFile.write(settings, plan.settings(program, true));
        Path folder = plan.folder(program);
        int port = switch (program) {
            case EDGE -> plan.ports().edge();
            case STORE -> plan.ports().store();
            case LAKE -> plan.ports().lake();
            case SYNC -> plan.ports().sync();
            case EXCHANGE -> plan.ports().exchange();
        };
        Map<String, Integer> ports = program == Program.LAKE
                ? Map.of("http", port, "flight", plan.ports().flight())
                : Map.of("http", port);
        // An edge that waits for its venue has started; whether data come is for the user of the stack to see.
        String path = program == Program.EDGE ? "/q/health/started" : "/q/health/ready";
        return new ProcessSpec(
                program.title(),
                installation.command(program, settings, List.of()),
                environment(program),
                folder,
                folder.resolve(program.title() + ".log"),
                ports,
                () -> http.ok(port, path),
                READY,
                false,
                program == Program.EDGE ? EDGE_STOP : STOP,
                () -> {});
    }

    private Map<String, String> environment(Program program) {
        return switch (program) {
            case EDGE -> Map.of("MALLOC_ARENA_MAX", "2");
            case STORE ->
                Map.of(
                        "STORE_MODE",
                        "dual",
                        "DATABASE_URL",
                        "postgresql://" + DatabaseFolder.USER + ":" + database.password() + "@" + DatabaseFolder.HOST
                                + ":" + database.port() + "/" + DatabaseFolder.DATABASE);
            default -> Map.of();
        };
    }

    /** Waits for a folder's table and ends what it names. */
    public static List<String> stopLeftovers(Path run) {
        try {
            return new ProcessTable(run.toAbsolutePath().normalize()).stopAll();
        } catch (UncheckedIOException e) {
            throw new StackFailure(e.getMessage() == null ? "cannot stop " + run : e.getMessage(), e);
        }
    }
}
