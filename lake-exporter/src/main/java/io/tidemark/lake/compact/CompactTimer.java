package io.tidemark.lake.compact;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.tidemark.lake.manifest.FileQuery;
import io.tidemark.lake.run.ExportProgress;
import io.tidemark.lake.run.LakeSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Compacts again and again, where an interval is set.
 *
 * <p>One thread of its own. A pass that fails is logged, counted and tried again at the next interval. A stop
 * interrupts a pass; it leaves the state before it.
 */
@ApplicationScoped
class CompactTimer {
    private static final Logger LOG = Logger.getLogger(CompactTimer.class);
    private static final Duration STOP_WAIT = Duration.ofSeconds(20);

    private final CompactSettings settings;
    private final LakeSettings lakeSettings;
    private final MeterRegistry metrics;
    private @Nullable ScheduledExecutorService timer;

    CompactTimer(CompactSettings settings, LakeSettings lakeSettings, MeterRegistry metrics) {
        this.settings = settings;
        this.lakeSettings = lakeSettings;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        long millis = settings.interval().toMillis();
        if (millis <= 0) {
            return;
        }
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "lake-compact-timer"));
        timer = started;
        var unused = started.scheduleWithFixedDelay(this::pass, millis, millis, TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        ScheduledExecutorService running = timer;
        if (running != null) {
            running.shutdownNow();
            try {
                if (!running.awaitTermination(STOP_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.warn("the running compaction did not stop in time; what it wrote is not in the lake");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void pass() {
        try {
            CompactReport report = new CompactRun(
                            lakeSettings.root(),
                            lakeSettings.tenant(),
                            lakeSettings.limits(),
                            InstantSource.system(),
                            ExportProgress.SILENT)
                    .run(settings.request(FileQuery.ALL, false));
            metrics.counter("lake_compactions_total", "status", "success").increment();
            metrics.counter("lake_compacted_files_total").increment(report.filesBefore());
            if (report.sealed()) {
                LOG.info(report.sentence());
            }
        } catch (IOException | RuntimeException e) {
            metrics.counter("lake_compactions_total", "status", "failure").increment();
            LOG.errorf("compacting failed, tried again in %s: %s", settings.interval(), e.getMessage());
        }
    }
}
