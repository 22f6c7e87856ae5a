package io.tidemark.local.stack;

import io.tidemark.local.supervise.StackFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a stack shall be: its folder, its ports, and what is set beyond each program's own defaults.
 *
 * @param run the folder of everything this stack writes
 * @param programs what runs beside broker and database
 * @param edge the edge's name
 * @param tenant the tenant, in messages, rows and the lake's path
 * @param exchange arguments of the simulated exchange's {@code serve}
 * @param feeds the edge's settings below {@code edge.feeds}
 * @param overrides settings given by hand, by full name; they win
 */
public record StackPlan(
        Path run,
        Set<Program> programs,
        StackPorts ports,
        String edge,
        String tenant,
        List<String> exchange,
        Map<String, String> feeds,
        Map<String, String> overrides) {

    public StackPlan {
        run = run.toAbsolutePath().normalize();
        programs = Set.copyOf(programs);
        exchange = List.copyOf(exchange);
        feeds = Map.copyOf(feeds);
        overrides = Map.copyOf(overrides);
    }

    /** Reads {@code name=value} settings; each name begins with a service's prefix. */
    public static Map<String, String> overrides(List<String> settings) {
        Map<String, String> result = new LinkedHashMap<>();
        List<String> mistakes = new ArrayList<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            String name = equals < 0 ? setting : setting.substring(0, equals);
            if (equals < 1) {
                mistakes.add("--set takes name=value, not \"" + setting + "\"");
            } else if (owner(name) == null) {
                mistakes.add("--set " + name + ": a setting begins with edge., store., lake. or sync.");
            } else {
                result.put(name, setting.substring(equals + 1));
            }
        }
        if (!mistakes.isEmpty()) {
            throw new StackFailure(String.join("\n", mistakes));
        }
        return result;
    }

    Path folder(Program program) {
        return run.resolve(program.title());
    }

    Path settingsFile(Program program) {
        return folder(program).resolve("application.yaml");
    }

    /** The root of the lake; each tenant's lake is a folder in it. */
    public Path lakeRoot() {
        return run.resolve("lake");
    }

    /** The edge's {@code ready/}. */
    public Path ready() {
        return edgeData().resolve("raw").resolve("ready");
    }

    public Path edgeData() {
        return folder(Program.EDGE).resolve("data");
    }

    /** All settings of one service, as its {@code application.yaml} will hold them. */
    Map<String, String> settings(Program program, boolean connect) {
        Map<String, String> all = new TreeMap<>();
        all.put("quarkus.http.host", "127.0.0.1");
        String kafka = "127.0.0.1:" + ports.broker();
        switch (program) {
            case EDGE -> {
                all.put("quarkus.http.port", Integer.toString(ports.edge()));
                all.put("kafka.bootstrap.servers", kafka);
                all.put("edge.name", edge);
                all.put("edge.tenant", tenant);
                all.put("edge.data-dir", edgeData().toString());
                all.put("edge.connect", Boolean.toString(connect));
                feeds.forEach((name, value) -> all.put("edge.feeds." + name, value));
            }
            case STORE -> {
                all.put("quarkus.http.port", Integer.toString(ports.store()));
                all.put("kafka.bootstrap.servers", kafka);
            }
            case LAKE -> {
                all.put("quarkus.http.port", Integer.toString(ports.lake()));
                all.put("kafka.bootstrap.servers", kafka);
                all.put("lake.root", lakeRoot().toString());
                all.put("lake.tenant", tenant);
                all.put("lake.edges", edge);
                all.put("lake.flight.port", Integer.toString(ports.flight()));
            }
            case SYNC -> {
                all.put("quarkus.http.port", Integer.toString(ports.sync()));
                all.put("sync.source", ready().toString());
                all.put("sync.target", lakeRoot().toString());
                all.put("sync.tenant", tenant);
                all.put("sync.edge", edge);
                all.put("sync.interval", "5s");
            }
            case EXCHANGE -> {}
        }
        overrides.forEach((name, value) -> {
            if (program == owner(name)) {
                all.put(name, value);
            }
        });
        return all;
    }

    private static @Nullable Program owner(String setting) {
        for (Program program : Program.values()) {
            if (program != Program.EXCHANGE && setting.startsWith(program.prefix() + ".")) {
                return program;
            }
        }
        return null;
    }
}
