package io.tidemark.store.consume;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.store.feedback.EdgeShares;
import io.tidemark.store.sink.BarFamily;
import io.tidemark.store.write.WriteCoordinator;
import io.tidemark.store.write.WriteSettings;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;

/** Puts together what needs no container by itself. */
@Singleton
final class Wiring {
    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }

    @Produces
    @Singleton
    EdgeShares edges() {
        return new EdgeShares();
    }

    @Produces
    @Singleton
    BarFamily bars(ConsumeSettings settings, InstantSource clock, MeterRegistry metrics) {
        return new BarFamily(settings.tenant(), settings.defaultTimeframe(), clock, metrics);
    }

    @Produces
    @Singleton
    WriteCoordinator coordinator(
            WriteSettings settings, BarsTransaction transaction, Claims claims, MeterRegistry metrics) {
        WriteCoordinator coordinator =
                new WriteCoordinator(settings, transaction, claims::released, new SecureRandom());
        FunctionCounter.builder("pipeline_store_sink_batches_in_total", coordinator, WriteCoordinator::accepted)
                .description("Batches queued for the sinks")
                .register(metrics);
        Gauge.builder("store_sink_queue_depth", coordinator, WriteCoordinator::depth)
                .description("Batches that wait for a worker")
                .register(metrics);
        return coordinator;
    }
}
