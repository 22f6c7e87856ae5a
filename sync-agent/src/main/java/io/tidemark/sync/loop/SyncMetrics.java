package io.tidemark.sync.loop;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidemark.sync.scan.SourceFile;
import io.tidemark.sync.transfer.Transfer;
import io.tidemark.sync.verify.Findings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** The service's meters. */
@ApplicationScoped
class SyncMetrics implements PassListener {
    private final MeterRegistry registry;
    private final AtomicLong pending = new AtomicLong();
    private final AtomicLong lastComplete = new AtomicLong();

    SyncMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("sync.pending.files", pending, AtomicLong::doubleValue)
                .description("Files that were not at the target when the last pass ended")
                .register(registry);
        Gauge.builder("sync.last.complete.time.seconds", lastComplete, AtomicLong::doubleValue)
                .description("When the last pass ended with everything at the target, seconds since 1970")
                .register(registry);
        for (Transfer.Outcome outcome : Transfer.Outcome.values()) {
            count(outcome.name().toLowerCase(Locale.ROOT), 0);
        }
        count("failed", 0);
        registry.counter("sync.bytes");
    }

    @Override
    public void done(SourceFile file, Transfer.Outcome outcome) {
        count(outcome.name().toLowerCase(Locale.ROOT), 1);
        if (outcome == Transfer.Outcome.TRANSFERRED) {
            registry.counter("sync.bytes").increment(file.state().bytes());
        }
    }

    @Override
    public void failed(Findings.Finding finding) {
        count("failed", 1);
    }

    void passed(PassReport report) {
        Timer.builder("sync.pass")
                .description("How long the passes took")
                .register(registry)
                .record(report.took());
        pending.set(report.files() - report.synced());
        if (report.complete()) {
            lastComplete.set(report.started().plus(report.took()).getEpochSecond());
        }
    }

    private void count(String outcome, int by) {
        registry.counter("sync.files", "outcome", outcome).increment(by);
    }
}
