package io.tidemark.sync.loop;

import io.quarkus.runtime.ShutdownEvent;
import io.tidemark.sync.target.DirectoryTarget;
import io.tidemark.sync.target.Target;
import io.tidemark.sync.transfer.StopSignal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The service: a pass, a rest, a pass, for as long as the program runs, on a thread of its own.
 *
 * <p>What goes wrong in a pass is logged and shown; the next one tries again. Listing the folder is the only
 * truth, so nothing is missed while the program is away.
 */
@ApplicationScoped
class SyncLoop {
    private static final Logger LOG = Logger.getLogger(SyncLoop.class);
    /** A thread that copies ends within one read or write; a hung mount may take for ever. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    private final SyncPlan plan;
    private final Target target;
    private final SyncMetrics metrics;
    private final StopSignal stop = new StopSignal();
    private final RandomGenerator random = new Random();
    private @Nullable Thread thread;
    private volatile @Nullable PassReport last;
    private volatile @Nullable String problem;
    private volatile @Nullable Tally running;

    SyncLoop(SyncSettings settings, SyncMetrics metrics) {
        this.plan = SyncPlan.of(settings);
        this.target = new DirectoryTarget(plan.lakeRoot(), plan.tenant(), plan.edge());
        this.metrics = metrics;
    }

    /** Called when the rest of the program is up, so that a busy port is known before anything is copied. */
    void start() {
        LOG.infof(
                "syncing %s to %s (tenant %s, edge %s) every %d s",
                plan.source(),
                target.name(),
                plan.tenant(),
                plan.edge(),
                plan.interval().toSeconds());
        Thread started = new Thread(this::run, "sync-loop");
        started.setDaemon(true);
        started.start();
        thread = started;
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stop.stop();
        Thread started = thread;
        if (started != null) {
            started.join(STOP_PATIENCE.toMillis());
            if (started.isAlive()) {
                LOG.warn("a copy did not end in time; what it left is cleared by the next pass");
            }
        }
    }

    boolean isAlive() {
        Thread started = thread;
        return started != null && started.isAlive();
    }

    @Nullable
    String problem() {
        return problem;
    }

    private void run() {
        do {
            SyncPass pass = new SyncPass(plan, target, InstantSource.system(), random, stop, metrics);
            running = pass.tally();
            try {
                PassReport report = pass.run();
                last = report;
                show(report);
                metrics.passed(report);
            } catch (IOException e) {
                // Waiting for a folder that is not there yet would repeat the same line for ever.
                String words = String.valueOf(e.getMessage());
                if (!words.equals(problem) && !stop.getAsBoolean()) {
                    LOG.warnf("no sync: %s", words);
                }
                problem = words;
            } catch (RuntimeException e) {
                LOG.error("a pass broke", e);
                problem = "a pass broke: " + e;
            } finally {
                running = null;
            }
        } while (!stop.await(plan.interval()));
    }

    private void show(PassReport report) {
        if (report.transferred() + report.verified() + report.deleted() > 0) {
            LOG.infof(
                    "synced %d files (%d bytes) in %d ms, %d of %d are at the target, %d deleted here",
                    report.transferred() + report.verified(),
                    report.transferredBytes(),
                    report.took().toMillis(),
                    report.synced(),
                    report.files(),
                    report.deleted());
        }
        for (var failed : report.failed()) {
            LOG.warnf("%s: %s", failed.kind(), failed.message());
        }
        if (report.failedCount() > report.failed().size()) {
            LOG.warnf("and %d more", report.failedCount() - report.failed().size());
        }
        String early = report.endedEarly();
        if (early != null && !stop.getAsBoolean()) {
            LOG.warnf("the pass ended early: %s", early);
        }
        problem = report.complete() ? null : early != null ? early : report.failedCount() + " failed";
    }

    /** For {@code GET /status}: the last pass that ended, and the one that runs. */
    Map<String, @Nullable Object> status() {
        Map<String, @Nullable Object> status = new LinkedHashMap<>();
        PassReport report = last;
        status.put("source", plan.source().toString());
        status.put("target", target.name());
        status.put("tenant", plan.tenant());
        status.put("edge", plan.edge());
        status.put("files", report == null ? 0L : report.files());
        status.put("synced", report == null ? 0L : report.synced());
        status.put("pending", report == null ? 0L : report.pending());
        status.put("failed", report == null ? List.of() : report.toMap().get("failed"));
        status.put("bytes", report == null ? 0L : report.bytes());
        status.put("problem", problem);
        status.put("last_run", report == null ? null : report.toMap());
        Tally now = running;
        status.put(
                "running",
                now == null
                        ? null
                        : Map.of(
                                "files", now.files.sum(),
                                "synced", now.synced(),
                                "transferred_bytes", now.transferredBytes.sum()));
        return status;
    }
}
