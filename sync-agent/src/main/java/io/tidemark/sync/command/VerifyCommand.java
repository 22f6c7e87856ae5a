package io.tidemark.sync.command;

import io.tidemark.contracts.json.CanonicalJson;
import io.tidemark.sync.loop.SyncPlan;
import io.tidemark.sync.target.DirectoryTarget;
import io.tidemark.sync.transfer.StopSignal;
import io.tidemark.sync.verify.TargetCheck;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads the target again. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Reads every file at the target again and compares it with its receipt. Changes nothing.")
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private final PlanOptions options = new PlanOptions();

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        SyncPlan plan = options.planWithoutSource();
        StopSignal stop = new StopSignal();
        Progress progress = new Progress(System.err);
        try (Interruption interruption = new Interruption(stop)) {
            TargetCheck.Result result = new TargetCheck(
                            new DirectoryTarget(plan.lakeRoot(), plan.tenant(), plan.edge()), stop)
                    .run(progress);
            progress.end();
            if (json) {
                System.out.println(CanonicalJson.text(result.toMap()));
            } else {
                result.first().forEach(finding -> System.err.println("sync-agent: " + finding.message()));
                System.out.println(result.files() + " files (" + result.bytes() + " bytes) are as their receipts say, "
                        + result.wrong() + " are not, " + result.withoutReceipt() + " have no receipt");
            }
            return result.ok() ? 0 : 1;
        }
    }
}
