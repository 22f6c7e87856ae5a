package io.tidemark.lake.command;

import io.tidemark.contracts.json.CanonicalJson;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.lake.manifest.SealedLake;
import io.tidemark.lake.manifest.SealedState;
import io.tidemark.lake.run.LakeSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sums up the sealed lake. */
@Command(
        name = "stats",
        mixinStandardHelpOptions = true,
        description = {
            "Sums up the sealed lake: rows by source, symbol and channel, and the time they span.",
            "With a restriction: of the files that may hold what is asked for, each as a whole."
        })
final class StatsCommand implements Callable<Integer> {
    @Mixin
    private final LakeOptions lake = new LakeOptions();

    @Mixin
    private final QueryOptions which = new QueryOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        LakeSettings settings = lake.settingsOfExisting();
        SealedState state = new SealedLake(LakePath.tenantRoot(settings.root(), settings.tenant())).current();
        Map<String, Long> rows = new TreeMap<>();
        Map<String, Long> channels = new TreeMap<>();
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        long bytes = 0;
        long total = 0;
        List<LakeFile> files = state.files(which.query(spec.commandLine()));
        for (LakeFile file : files) {
            total += file.rows();
            file.channels().forEach((channel, count) -> {
                rows.merge(file.source() + " " + file.symbol() + " " + channel, count, Long::sum);
                channels.merge(channel, count, Long::sum);
            });
            first = Math.min(first, file.minEventTime());
            last = Math.max(last, file.maxEventTime());
            bytes += file.bytes();
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> result = new TreeMap<>(Map.of(
                    "generation", state.generation(),
                    "files", files.size(),
                    "rows", total,
                    "bytes", bytes,
                    "channels", channels));
            if (!files.isEmpty()) {
                result.put("min_event_time", first);
                result.put("max_event_time", last);
            }
            out.println(CanonicalJson.text(result));
            return 0;
        }
        out.printf("generation %d, %d files, %d rows, %d bytes%n", state.generation(), files.size(), total, bytes);
        if (!rows.isEmpty()) {
            out.println("event times " + time(first) + " to " + time(last));
            rows.forEach((name, count) -> out.printf("%12d %s%n", count, name));
        }
        return 0;
    }

    private static Instant time(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }
}
