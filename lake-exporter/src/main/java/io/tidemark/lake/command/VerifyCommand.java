package io.tidemark.lake.command;

import io.tidemark.contracts.json.CanonicalJson;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.lake.run.CandleCheck;
import io.tidemark.lake.run.LakeCheck;
import io.tidemark.lake.run.LakeSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Proves the sealed lake. Exit code 1 where anything is wrong. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Checks the manifests and hashes every sealed file of events, runs and corpora again.")
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private final LakeOptions lake = new LakeOptions();

    @Option(names = "--rows", description = "Also decode every row and compare the rows' hash.")
    private boolean rows;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        LakeSettings settings = lake.settingsOfExisting();
        Progress progress = new Progress(spec.commandLine().getErr());
        LakeCheck.Result result = LakeCheck.check(settings.root(), settings.tenant(), rows, progress);
        CandleCheck.Result candles =
                CandleCheck.check(LakePath.tenantRoot(settings.root(), settings.tenant()), rows, progress);
        progress.end();
        List<String> problems = new ArrayList<>(result.problems());
        problems.addAll(candles.problems());
        problems.forEach(spec.commandLine().getErr()::println);
        boolean sound = problems.isEmpty();
        if (json) {
            spec.commandLine()
                    .getOut()
                    .println(CanonicalJson.text(Map.of(
                            "generation", result.generation(),
                            "files", result.files(),
                            "rows", result.rows(),
                            "candle_files", candles.files(),
                            "candle_rows", candles.rows(),
                            "runs", candles.runs(),
                            "corpora", candles.corpora(),
                            "problems", problems,
                            "sound", sound)));
        } else {
            spec.commandLine()
                    .getOut()
                    .println("generation " + result.generation() + ": " + result.files() + " files with "
                            + result.rows() + " rows; " + candles.runs() + " runs and " + candles.corpora()
                            + " corpora with " + candles.rows() + " candles; "
                            + (sound ? "all sound" : problems.size() + " problems"));
        }
        return sound ? 0 : 1;
    }
}
