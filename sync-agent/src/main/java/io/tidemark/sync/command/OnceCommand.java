package io.tidemark.sync.command;

import io.tidemark.contracts.json.CanonicalJson;
import io.tidemark.sync.loop.PassListener;
import io.tidemark.sync.loop.PassReport;
import io.tidemark.sync.loop.SyncPass;
import io.tidemark.sync.loop.SyncPlan;
import io.tidemark.sync.scan.SourceFile;
import io.tidemark.sync.target.DirectoryTarget;
import io.tidemark.sync.transfer.StopSignal;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One pass in the foreground. */
@Command(
        name = "once",
        mixinStandardHelpOptions = true,
        description = "Brings everything that is ready now. Exit code 0 when all is at the target and verified.")
final class OnceCommand implements Callable<Integer> {
    @Mixin
    private final PlanOptions options = new PlanOptions();

    @Option(names = "--dry-run", description = "Only list what would be brought; exit code 0.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        SyncPlan plan = options.plan();
        StopSignal stop = new StopSignal();
        DirectoryTarget target = new DirectoryTarget(plan.lakeRoot(), plan.tenant(), plan.edge());
        if (dryRun) {
            PassListener list = new PassListener() {
                @Override
                public void wouldBring(SourceFile file) {
                    if (!json) {
                        System.out.println(file.path());
                    }
                }
            };
            print(new SyncPass(plan, target, InstantSource.system(), new Random(), stop, list).dryRun());
            return 0;
        }
        Progress progress = new Progress(System.err);
        try (Interruption interruption = new Interruption(stop)) {
            PassReport report = new SyncPass(plan, target, InstantSource.system(), new Random(), stop, progress).run();
            progress.end();
            print(report);
            return report.complete() ? 0 : 1;
        }
    }

    private void print(PassReport report) {
        if (json) {
            System.out.println(CanonicalJson.text(report.toMap()));
            return;
        }
        for (var failed : report.failed()) {
            System.err.println("sync-agent: " + failed.message());
        }
        if (report.failedCount() > report.failed().size()) {
            System.err.println(
                    "sync-agent: and " + (report.failedCount() - report.failed().size()) + " more");
        }
        if (report.endedEarly() != null) {
            System.err.println("sync-agent: ended early: " + report.endedEarly());
        }
        System.out.println(report.synced() + " of " + report.files() + " files (" + report.bytes()
                + " bytes) are at the target; " + report.transferred() + " copied now, " + report.verified()
                + " found there and verified, " + report.pending() + " pending, " + report.failedCount()
                + " failed, " + report.leftOut() + " left out, " + report.deleted() + " deleted here");
    }
}
