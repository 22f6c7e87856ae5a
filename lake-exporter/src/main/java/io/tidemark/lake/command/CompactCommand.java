package io.tidemark.lake.command;

import io.tidemark.contracts.json.CanonicalJson;
import io.tidemark.lake.compact.CompactReport;
import io.tidemark.lake.compact.CompactRun;
import io.tidemark.lake.compact.CompactSettings;
import io.tidemark.lake.run.LakeSettings;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Merges small sealed files. */
@Command(
        name = "compact",
        mixinStandardHelpOptions = true,
        description = {
            "Merges the small sealed files of each event hour: one new generation, the same rows.",
            "Merged files are deleted by a later run, when lake.compact.grace is over."
        })
final class CompactCommand implements Callable<Integer> {
    @Mixin
    private final LakeOptions lake = new LakeOptions();

    @Mixin
    private final QueryOptions which = new QueryOptions();

    @Option(names = "--dry-run", description = "Only say what would be merged.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        LakeSettings settings = lake.settingsOfExisting();
        Progress progress = new Progress(spec.commandLine().getErr());
        CompactReport report;
        try {
            report = new CompactRun(
                            settings.root(), settings.tenant(), settings.limits(), InstantSource.system(), progress)
                    .run(lake.settings(CompactSettings.class).request(which.query(spec.commandLine()), dryRun));
        } finally {
            progress.end();
        }
        spec.commandLine().getOut().println(json ? CanonicalJson.text(report.toMap()) : report.sentence());
        return 0;
    }
}
