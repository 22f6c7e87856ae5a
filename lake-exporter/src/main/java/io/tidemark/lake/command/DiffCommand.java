package io.tidemark.lake.command;

import io.tidemark.contracts.json.CanonicalJson;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.lake.run.LakeSettings;
import io.tidemark.lake.run.RunDiff;
import io.tidemark.lake.run.SealedRuns;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares two runs by their manifests. Exit code 1 where they differ. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description =
                "Says what differs between two sealed runs: configuration, inputs, rows. Exit code 1 if anything.")
final class DiffCommand implements Callable<Integer> {
    @Mixin
    private final LakeOptions lake = new LakeOptions();

    @Parameters(index = "0", paramLabel = "RUN", description = "The first run's id.")
    private String first = "";

    @Parameters(index = "1", paramLabel = "RUN", description = "The second run's id.")
    private String second = "";

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        LakeSettings settings = lake.settingsOfExisting();
        SealedRuns runs = new SealedRuns(LakePath.tenantRoot(settings.root(), settings.tenant()));
        List<String> differences = RunDiff.between(runs.get(first), runs.get(second));
        if (json) {
            spec.commandLine()
                    .getOut()
                    .println(CanonicalJson.text(Map.of("first", first, "second", second, "differences", differences)));
        } else if (differences.isEmpty()) {
            spec.commandLine().getOut().println("the runs are the same");
        } else {
            differences.forEach(spec.commandLine().getOut()::println);
        }
        return differences.isEmpty() ? 0 : 1;
    }
}
