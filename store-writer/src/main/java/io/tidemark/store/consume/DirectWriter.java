package io.tidemark.store.consume;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.database.Database;
import io.tidemark.store.database.DatabaseSettings;
import io.tidemark.store.database.DatabaseUrl;
import io.tidemark.store.database.StandaloneDatabase;
import io.tidemark.store.feedback.EdgeShares;
import io.tidemark.store.migrate.MonthPartitions;
import io.tidemark.store.mode.Failover;
import io.tidemark.store.mode.ModeRow;
import io.tidemark.store.mode.ModeSettings;
import io.tidemark.store.sink.BarFamily;
import io.tidemark.store.write.Batch;
import io.tidemark.store.write.Inbound;
import io.tidemark.store.write.Partition;
import io.tidemark.store.write.WriteCoordinator;
import io.tidemark.store.write.WriteSettings;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The service's way from the queue to both tables, with its own queue, workers, transactions, offsets and
 * sinks, but fed by hand instead of by Kafka; in one schema of a database.
 */
final class DirectWriter implements AutoCloseable {
    private final StandaloneDatabase standalone;
    private final WriteCoordinator coordinator;
    private final Map<Partition, Batch> last = new HashMap<>();
    private final Map<Partition, Long> epochs = new HashMap<>();
    private final AtomicLong attempts = new AtomicLong();

    /** Told on a worker's thread that a transaction was committed. */
    interface Committed {
        void batch(Batch batch, long nanos);
    }

    DirectWriter(
            DatabaseUrl url,
            String schema,
            int workers,
            int batchRows,
            int partitions,
            MeterRegistry metrics,
            Committed committed) {
        SmallRyeConfig config = config(url, workers, batchRows);
        DatabaseSettings databases = config.getConfigMapping(DatabaseSettings.class, "store");
        ConsumeSettings consuming = config.getConfigMapping(ConsumeSettings.class, "store");
        ModeSettings modes = config.getConfigMapping(ModeSettings.class, "store");
        this.standalone = StandaloneDatabase.open(url, schema, databases);
        Database database = standalone.database();
        OffsetTable offsets = new OffsetTable(database, consuming);
        ModeRow mode = new ModeRow(database, modes);
        BarFamily bars =
                new BarFamily(consuming.tenant(), consuming.defaultTimeframe(), InstantSource.system(), metrics);
        BarsTransaction transaction = new BarsTransaction(
                database,
                offsets,
                mode,
                new MonthPartitions(database),
                bars,
                new EdgeShares(),
                new Claims(),
                new Failover(modes, databases));
        mode.load();
        this.coordinator = new WriteCoordinator(
                config.getConfigMapping(WriteSettings.class, "store"),
                batch -> {
                    attempts.incrementAndGet();
                    transaction.write(batch);
                    committed.batch(batch, System.nanoTime());
                },
                partition -> {},
                new SecureRandom());
        coordinator.start();
        for (int i = 0; i < partitions; i++) {
            Partition partition = new Partition(Topics.BARS.topic(), i);
            long epoch = offsets.claim(partition, 0, 0, "verify-dual-sink", "").epoch();
            epochs.put(partition, epoch);
            coordinator.open(partition, epoch);
        }
    }

    private static SmallRyeConfig config(DatabaseUrl url, int workers, int batchRows) {
        Map<String, String> settings = new HashMap<>();
        settings.put("store.database-url", "postgresql://" + url.place());
        settings.put("store.mode", "dual");
        settings.put("store.failover", "false");
        settings.put("store.workers", Integer.toString(workers));
        settings.put("store.pool-size", Integer.toString(workers + 2));
        settings.put("store.max-batch-size", Integer.toString(batchRows));
        settings.put("store.flush-rows", Integer.toString(batchRows));
        settings.put("store.consumer-group", "verify-dual-sink");
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withConverter(MemorySize.class, 200, new MemorySizeConverter())
                .withConverter(Duration.class, 200, new io.quarkus.runtime.configuration.DurationConverter())
                .withSources(new PropertiesConfigSource(settings, "verify-dual-sink", 100))
                .withValidateUnknown(false)
                .withMapping(ConsumeSettings.class, "store")
                .withMapping(WriteSettings.class, "store")
                .withMapping(DatabaseSettings.class, "store")
                .withMapping(ModeSettings.class, "store")
                .build();
    }

    /** Queues records of one partition; returns when there was room. Offsets go on by themselves. */
    void offer(int number, List<byte[]> values) {
        Partition partition = new Partition(Topics.BARS.topic(), number);
        Batch before = last.get(partition);
        long from = before == null ? 0 : before.next();
        List<Inbound> records = new java.util.ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            records.add(new Inbound(from + i, null, values.get(i)));
        }
        Batch batch = new Batch(partition, epochs.getOrDefault(partition, 0L), from, from + values.size(), records);
        last.put(partition, batch);
        coordinator.offer(batch).toCompletableFuture().join();
    }

    /** Transactions that were begun, repeated ones too. */
    long attempts() {
        return attempts.get();
    }

    /** Whether everything was written in time. */
    boolean drain(Duration limit) {
        return coordinator.drain(limit);
    }

    @Override
    public void close() {
        standalone.close();
    }
}
