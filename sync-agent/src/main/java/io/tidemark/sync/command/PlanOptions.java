package io.tidemark.sync.command;

import io.tidemark.sync.loop.SyncPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that every command has: each stands above the setting of the same name. */
final class PlanOptions {
    private static final String LOCATIONS = "quarkus.config.locations";

    @Option(names = "--config", paramLabel = "FILE", description = "A file of settings, such as application.yaml.")
    private @Nullable Path config;

    @Option(names = "--source", paramLabel = "DIR", description = "The edge's ready folder.")
    private @Nullable String source;

    @Option(names = "--target", paramLabel = "DIR", description = "The lake's root folder.")
    private @Nullable String target;

    @Option(names = "--tenant", paramLabel = "NAME", description = "Whose lake it is (default: default).")
    private @Nullable String tenant;

    @Option(names = "--edge", paramLabel = "NAME", description = "The edge's name.")
    private @Nullable String edge;

    @Option(names = "--pattern", paramLabel = "GLOB", description = "Which files (default: **/*).")
    private @Nullable String pattern;

    @Option(
            names = "--include-raw",
            negatable = true,
            fallbackValue = "true",
            description = "Whether raw frames go too (default: they do).")
    private @Nullable Boolean includeRaw;

    @Option(names = "--parallel", paramLabel = "N", description = "Files copied at a time (default: 2).")
    private @Nullable String parallel;

    @Option(
            names = "--bandwidth",
            paramLabel = "RATE",
            description = "Bytes per second, such as 10M (default: unlimited).")
    private @Nullable String bandwidth;

    @Option(
            names = "--lock-wait",
            paramLabel = "TIME",
            description = "How long to wait for another sync on the same folder (default: 60s).")
    private @Nullable String lockWait;

    @Option(
            names = "--delete-after",
            paramLabel = "TIME",
            description = "Delete at the edge what is proven to be at the target for so long (default: keep).")
    private @Nullable String deleteAfter;

    /** Throws {@link SyncPlan.Mistakes}. */
    SyncPlan plan() {
        return plan(Map.of());
    }

    /** For commands that look at the target only, on a machine that may not be the edge. */
    SyncPlan planWithoutSource() {
        return plan(Map.of("sync.source", "/-/source"));
    }

    private SyncPlan plan(Map<String, String> defaults) {
        if (config != null) {
            if (!Files.isReadable(config)) {
                throw new SyncPlan.Mistakes(List.of("--config: cannot read the file " + config));
            }
            System.setProperty(LOCATIONS, config.toAbsolutePath().toUri().toString());
        }
        return SettingsLoader.load(overrides(), defaults);
    }

    /** For the service, which reads its settings again: as system properties. */
    void publish() {
        overrides().forEach(System::setProperty);
    }

    private Map<String, String> overrides() {
        Map<String, String> given = new LinkedHashMap<>();
        put(given, "sync.source", source);
        put(given, "sync.target", target);
        put(given, "sync.tenant", tenant);
        put(given, "sync.edge", edge);
        put(given, "sync.pattern", pattern);
        put(given, "sync.include-raw", includeRaw == null ? null : includeRaw.toString());
        put(given, "sync.parallel", parallel);
        put(given, "sync.bandwidth", bandwidth);
        put(given, "sync.lock-wait", lockWait);
        put(given, "sync.delete-after", deleteAfter);
        return given;
    }

    private static void put(Map<String, String> given, String name, @Nullable String value) {
        if (value != null) {
            given.put(name, value);
        }
    }
}
