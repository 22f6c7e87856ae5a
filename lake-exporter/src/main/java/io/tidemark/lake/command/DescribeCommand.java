package io.tidemark.lake.command;

import io.tidemark.contracts.json.CanonicalJson;
import io.tidemark.contracts.json.JsonReader;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.lake.corpus.CorpusManifest;
import io.tidemark.lake.corpus.SealedCorpus;
import io.tidemark.lake.parquet.CandlePart;
import io.tidemark.lake.run.LakeSettings;
import io.tidemark.lake.run.RunManifest;
import io.tidemark.lake.run.SealedRuns;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a sealed run or a corpus holds and what it was made from. */
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        description = "Says what a sealed run or a corpus holds, and what it was made from.")
final class DescribeCommand implements Callable<Integer> {
    private static final String CORPUS = "corpus:";

    @Mixin
    private final LakeOptions lake = new LakeOptions();

    @Parameters(index = "0", paramLabel = "RUN|corpus:NAME", description = "A run's id, or a corpus.")
    private String what = "";

    @Option(names = "--json", description = "Print one JSON object; of a run its manifest.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        LakeSettings settings = lake.settingsOfExisting();
        Path root = LakePath.tenantRoot(settings.root(), settings.tenant());
        if (what.startsWith(CORPUS)) {
            corpus(SealedCorpus.read(root, what.substring(CORPUS.length())));
        } else {
            run(new SealedRuns(root).get(what));
        }
        return 0;
    }

    private void run(RunManifest run) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(CanonicalJson.text(JsonReader.object(run.toBytes())));
            return;
        }
        out.printf(
                "run %s: %d candles in %d parts, %d bytes; %d of %d found%n",
                run.runId(), run.rows(), run.parts().size(), run.bytes(), run.found(), run.expected());
        run.configuration().forEach((key, value) -> out.printf("  %-18s %s%n", key, value));
        run.inputs().forEach((key, value) -> out.printf("  %-18s %s%n", key, value));
        run.parts()
                .forEach(part -> out.printf(
                        "  %10d rows %12d bytes  %s  %s to %s%n",
                        part.rows(), part.bytes(), part.path(), time(part.minTs()), time(part.maxTs())));
    }

    private void corpus(SealedCorpus corpus) throws IOException {
        if (corpus.isEmpty()) {
            throw new NoSuchFileException(corpus.folder() + ": there is no corpus \"" + corpus.name() + "\"");
        }
        PrintWriter out = spec.commandLine().getOut();
        long rows = corpus.parts().stream().mapToLong(CandlePart::rows).sum();
        long bytes = corpus.parts().stream().mapToLong(CandlePart::bytes).sum();
        if (json) {
            Map<String, Object> report = new TreeMap<>();
            report.put("corpus", corpus.name());
            report.put("generation", corpus.generation());
            report.put("hash", corpus.hash());
            report.put("parts", corpus.parts().size());
            report.put("rows", rows);
            report.put("bytes", bytes);
            report.put("series", corpus.series().size());
            out.println(CanonicalJson.text(report));
            return;
        }
        out.printf(
                "corpus %s, generation %d: %d candles of %d series in %d parts, %d bytes%n",
                corpus.name(),
                corpus.generation(),
                rows,
                corpus.series().size(),
                corpus.parts().size(),
                bytes);
        for (CorpusManifest.Reach reach : corpus.series().values()) {
            out.printf("  %10d %s  %s to %s%n", reach.rows(), reach.series(), time(reach.first()), time(reach.last()));
        }
    }

    private static Instant time(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }
}
