package io.tidemark.lake.command;

import io.tidemark.contracts.json.CanonicalJson;
import io.tidemark.lake.run.CandleSettings;
import io.tidemark.lake.run.LakeSettings;
import io.tidemark.lake.run.SliceRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Cuts candles around alerts and seals them as a run. */
@Command(
        name = "export-slices",
        mixinStandardHelpOptions = true,
        description = {
            "Cuts candles around alerts, counts what is covered, and seals it all as a run.",
            "The same run made again is found, and nothing is done."
        })
final class ExportSlicesCommand implements Callable<Integer> {
    @Mixin
    private final CandleOptions options = new CandleOptions();

    @Parameters(arity = "0..1", paramLabel = "CONFIG", description = "The configuration, a JSON file.")
    private @Nullable Path config;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (options.isPrintSchema()) {
            spec.commandLine().getOut().println(CandleOptions.schema("slices"));
            return 0;
        }
        Path file = config;
        if (file == null) {
            throw new ParameterException(spec.commandLine(), "name a configuration, or ask for --print-schema");
        }
        LakeSettings lake = options.lake();
        CandleSettings candles = options.candles();
        Progress progress = new Progress(spec.commandLine().getErr());
        SliceRun.Result result;
        try {
            result = new SliceRun(
                            CandleOptions.sources(lake, candles),
                            options.workers(candles),
                            candles.maxAlerts(),
                            lake.seal().lockWait(),
                            progress)
                    .run(file, options.isDryRun());
        } finally {
            progress.end();
        }
        result.rejected().forEach(line -> spec.commandLine().getErr().println("rejected: " + line));
        spec.commandLine().getOut().println(options.isJson() ? CanonicalJson.text(result.report()) : result.sentence());
        return 0;
    }
}
