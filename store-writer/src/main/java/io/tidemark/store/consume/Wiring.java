package io.tidemark.store.consume;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.database.Database;
import io.tidemark.store.deadletter.Drops;
import io.tidemark.store.feedback.EdgeShares;
import io.tidemark.store.migrate.MonthPartitions;
import io.tidemark.store.sink.BarFamily;
import io.tidemark.store.sink.FactFamily;
import io.tidemark.store.write.BatchWriter;
import io.tidemark.store.write.WriteCoordinator;
import io.tidemark.store.write.WriteSettings;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

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
    FactFamilies facts(ConsumeSettings settings, InstantSource clock, MeterRegistry metrics) {
        return new FactFamilies(FactFamily.all(settings.tenant(), clock, metrics));
    }

    @Produces
    @Singleton
    WriteCoordinator coordinator(
            WriteSettings settings,
            BarsTransaction bars,
            FactFamilies facts,
            Database database,
            OffsetTable offsets,
            MonthPartitions months,
            Claims claims,
            EdgeShares edges,
            MeterRegistry metrics) {
        Map<String, BatchWriter> writers = new HashMap<>(Map.of(Topics.BARS.topic(), bars));
        for (FactFamily<?> family : facts.families()) {
            writers.put(family.topic().topic(), new FactTransaction(database, offsets, months, claims, edges, family));
        }
        BatchWriter byTopic = batch -> {
            String topic = batch.partition().topic();
            Objects.requireNonNull(writers.get(topic), "no sink for the topic").write(batch);
            Drops.committed(batch, metrics);
        };
        WriteCoordinator coordinator = new WriteCoordinator(settings, byTopic, claims::released, new SecureRandom());
        FunctionCounter.builder("pipeline_store_sink_batches_in_total", coordinator, WriteCoordinator::accepted)
                .description("Batches queued for the sinks")
                .register(metrics);
        Gauge.builder("store_sink_queue_depth", coordinator, WriteCoordinator::depth)
                .description("Batches that wait for a worker")
                .register(metrics);
        return coordinator;
    }
}
