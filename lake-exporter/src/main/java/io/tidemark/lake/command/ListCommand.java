package io.tidemark.lake.command;

import io.tidemark.contracts.json.CanonicalJson;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.lake.manifest.SealedLake;
import io.tidemark.lake.run.LakeSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Names the sealed files. */
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the sealed event files that may hold what is asked for, by source, symbol and hour; or runs, or corpora."
        })
final class ListCommand implements Callable<Integer> {
    @Mixin
    private final LakeOptions lake = new LakeOptions();

    @Mixin
    private final QueryOptions which = new QueryOptions();

    @Option(names = "--runs", description = "The sealed runs instead.")
    private boolean runs;

    @Option(names = "--corpora", description = "The corpora instead.")
    private boolean corpora;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        LakeSettings settings = lake.settingsOfExisting();
        if (runs || corpora) {
            CandleList.print(
                    LakePath.tenantRoot(settings.root(), settings.tenant()),
                    runs,
                    corpora,
                    json,
                    spec.commandLine().getOut());
            return 0;
        }
        List<LakeFile> files = new SealedLake(LakePath.tenantRoot(settings.root(), settings.tenant()))
                .current()
                .files(which.query(spec.commandLine()));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(CanonicalJson.text(Map.of(
                    "files",
                    files.stream()
                            .map(file -> Map.of(
                                    "path", file.path(),
                                    "rows", file.rows(),
                                    "bytes", file.bytes(),
                                    "min_event_time", file.minEventTime(),
                                    "max_event_time", file.maxEventTime(),
                                    "sha256", file.sha256(),
                                    "channels", file.channels()))
                            .toList())));
        } else {
            files.forEach(file -> out.printf("%10d rows %12d bytes  %s%n", file.rows(), file.bytes(), file.path()));
        }
        return 0;
    }
}
