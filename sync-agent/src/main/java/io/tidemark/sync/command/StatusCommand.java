package io.tidemark.sync.command;

import io.tidemark.contracts.json.CanonicalJson;
import io.tidemark.sync.loop.PassListener;
import io.tidemark.sync.loop.PassReport;
import io.tidemark.sync.loop.SyncPass;
import io.tidemark.sync.loop.SyncPlan;
import io.tidemark.sync.target.DirectoryTarget;
import io.tidemark.sync.transfer.StopSignal;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Counts by the receipts, whether or not a service runs. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "Counts what is at the target and what is pending, by the receipts. Exit code 1 while anything is pending.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private final PlanOptions options = new PlanOptions();

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        SyncPlan plan = options.plan();
        PassReport report = new SyncPass(
                        plan,
                        new DirectoryTarget(plan.lakeRoot(), plan.tenant(), plan.edge()),
                        InstantSource.system(),
                        new Random(),
                        new StopSignal(),
                        new PassListener() {})
                .dryRun();
        if (json) {
            System.out.println(CanonicalJson.text(report.toMap()));
        } else {
            report.failed().forEach(finding -> System.err.println("sync-agent: " + finding.message()));
            System.out.println(report.synced() + " of " + report.files() + " files (" + report.bytes()
                    + " bytes) are at the target, " + report.pending() + " pending, " + report.failedCount()
                    + " failed, " + report.leftOut() + " left out");
        }
        return report.complete() ? 0 : 1;
    }
}
