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
 * Merges small sealed files while the service runs, where an interval is set.
 *
 * <p>One thread of its own. A pass that fails is logged, counted and tried again; a stop interrupts it and leaves the
 * state before it.
 */
@ApplicationScoped
class CompactTimer {
    private static final Logger LOG = Logger.getLogger(CompactTimer.class);
    private static final Duration STOP_WAIT = Duration.ofSeconds(20);

    private final LakeSettings lake;
    private final CompactSettings settings;
    private final MeterRegistry metrics;
    private @Nullable ScheduledExecutorService timer;

    CompactTimer(LakeSettings lake, CompactSettings settings, MeterRegistry metrics) {
        this.lake = lake;
        this.settings = settings;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        long interval = settings.interval().toMillis();
        if (interval > 0) {
            ScheduledExecutorService started =
                    Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "lake-compact"));
            timer = started;
            var unused = started.scheduleWithFixedDelay(this::pass, interval, interval, TimeUnit.MILLISECONDS);
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        ScheduledExecutorService running = timer;
        if (running != null) {
            running.shutdownNow();
            if (!running.awaitTermination(STOP_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the running compaction did not stop in time; what it wrote is not in the lake");
            }
        }
    }

    private void pass() {
        try {
            CompactReport report = new CompactRun(
                            lake.root(), lake.tenant(), lake.limits(), InstantSource.system(), ExportProgress.SILENT)
                    .run(settings.request(FileQuery.ALL, false));
            metrics.counter("lake_compactions_total", "status", "success").increment();
            LOG.debug(report.sentence());
        } catch (IOException | RuntimeException e) {
            metrics.counter("lake_compactions_total", "status", "failure").increment();
            LOG.errorf("compaction failed, tried again in %s: %s", settings.interval(), e.getMessage());
        }
    }
}
