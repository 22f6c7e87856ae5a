package io.tidemark.lake.command;

import io.tidemark.contracts.json.CanonicalJson;
import io.tidemark.lake.run.ExportReport;
import io.tidemark.lake.run.ExportRequest;
import io.tidemark.lake.run.ExportRequest.OnDamaged;
import io.tidemark.lake.run.ExportRun;
import io.tidemark.lake.run.LakeSettings;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Seals raw segments into event hours. */
@Command(
        name = "export-events",
        mixinStandardHelpOptions = true,
        description = {
            "Seals raw segments into event hours: sorted, without repeats, one new generation.",
            "What is sealed already is skipped, so a repeat is harmless."
        })
final class ExportEventsCommand implements Callable<Integer> {
    @Mixin
    private final LakeOptions lake = new LakeOptions();

    @Option(names = "--edge", paramLabel = "NAME", description = "An edge to read; repeatable (lake.edges).")
    private List<String> edges = List.of();

    @Option(
            names = "--include-incomplete",
            description = "Also receive hours whose manifest is not here yet; only with --edge.")
    private boolean includeIncomplete;

    @Option(names = "--from", paramLabel = "TIME", description = "First event time, such as 2024-08-08T23:00:00Z.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Event time to stop before.")
    private @Nullable String to;

    @Option(
            names = "--on-damaged",
            paramLabel = "refuse|skip",
            description = "What to do with a damaged raw file: refuse the run, or leave the file out"
                    + " (lake.damaged-input).")
    private @Nullable String onDamaged;

    @Option(names = "--dry-run", description = "Only say what would be read.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        LakeSettings settings = lake.settings();
        List<String> named = edges.isEmpty() ? settings.edges().orElse(List.of()) : edges;
        if (named.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "name an edge: --edge NAME, or set lake.edges");
        }
        if (includeIncomplete && edges.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--include-incomplete needs --edge NAME");
        }
        Progress progress = new Progress(spec.commandLine().getErr());
        ExportReport report;
        try {
            report = new ExportRun(settings.root(), settings.tenant(), settings.limits(), progress)
                    .run(new ExportRequest(
                            named,
                            includeIncomplete,
                            QueryOptions.range(spec.commandLine(), from, to),
                            policy(settings),
                            dryRun));
        } finally {
            progress.end();
        }
        report.notes().forEach(spec.commandLine().getErr()::println);
        report.damaged().forEach(reason -> spec.commandLine().getErr().println("skipped: " + reason));
        spec.commandLine().getOut().println(json ? CanonicalJson.text(report.toMap()) : report.sentence());
        return 0;
    }

    private OnDamaged policy(LakeSettings settings) {
        if (onDamaged == null) {
            return settings.damagedInput();
        }
        try {
            return OnDamaged.valueOf(onDamaged.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "--on-damaged is refuse or skip, not \"" + onDamaged + "\"", e);
        }
    }
}
