package io.tidemark.lake.run;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.lake.events.TimeRange;
import io.tidemark.lake.manifest.SealedLake;
import io.tidemark.lake.source.RawLake;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Seals complete hours of the edges that the settings list, again and again, where an interval is set.
 *
 * <p>One thread of its own. A pass that fails is logged, counted and tried again at the next interval. A stop
 * interrupts a pass; it leaves the state before it.
 */
@ApplicationScoped
class SealTimer {
    private static final Logger LOG = Logger.getLogger(SealTimer.class);
    private static final Duration STOP_WAIT = Duration.ofSeconds(20);

    private final LakeSettings settings;
    private final MeterRegistry metrics;
    private final SealedLake lake;
    private volatile String lastResult = "no pass yet";
    private @Nullable ScheduledExecutorService timer;

    SealTimer(LakeSettings settings, MeterRegistry metrics, SealedLake lake) {
        this.settings = settings;
        this.metrics = metrics;
        this.lake = lake;
    }

    void start(@Observes StartupEvent event) {
        metrics.gauge("lake_generation", lake, at -> at.last().generation());
        metrics.gauge("lake_sealed_files", lake, at -> at.last().byPath().size());
        metrics.gauge("lake_sealed_rows", lake, at -> at.last().rows());
        Duration interval = settings.seal().interval();
        List<String> edges = settings.edges().orElse(List.of());
        if (interval.isZero() || interval.isNegative()) {
            return;
        }
        if (edges.isEmpty()) {
            LOG.warn("lake.seal.interval is set, but lake.edges names no edge: nothing will be sealed");
            return;
        }
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "lake-seal"));
        timer = started;
        var unused = started.scheduleWithFixedDelay(this::pass, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        ScheduledExecutorService running = timer;
        if (running != null) {
            running.shutdownNow();
            try {
                if (!running.awaitTermination(STOP_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.warn("the running seal did not stop in time; what it wrote is not in the lake");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    String lastResult() {
        return lastResult;
    }

    private void pass() {
        try {
            RawLake raw = new RawLake(LakePath.tenantRoot(settings.root(), settings.tenant()));
            List<String> edges = settings.edges().orElse(List.of()).stream()
                    .filter(raw::knows)
                    .toList();
            if (edges.isEmpty()) {
                lastResult = "no edge has brought anything yet";
                return;
            }
            ExportReport report = new ExportRun(
                            settings.root(), settings.tenant(), settings.limits(), ExportProgress.SILENT)
                    .run(new ExportRequest(edges, false, TimeRange.ALL, settings.damagedInput(), false));
            lastResult = report.sentence();
            metrics.counter("lake_seals_total", "status", "success").increment();
            metrics.counter("lake_sealed_events_total").increment((double) report.rows());
            metrics.counter("lake_repeated_events_total").increment((double) report.repeats());
            if (report.sealed()) {
                LOG.info(report.sentence());
            }
            report.notes().forEach(LOG::warn);
            report.damaged().forEach(reason -> LOG.errorf("left out of the lake: %s", reason));
            metrics.counter("lake_damaged_inputs_total")
                    .increment((double) report.damaged().size());
            lake.current();
        } catch (IOException | RuntimeException e) {
            lastResult = String.valueOf(e.getMessage());
            metrics.counter("lake_seals_total", "status", "failure").increment();
            LOG.errorf("sealing failed, tried again in %s: %s", settings.seal().interval(), e.getMessage());
        }
    }
}
