package io.tidemark.store.consume;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.tidemark.store.write.Batch;
import io.tidemark.store.write.Inbound;
import io.tidemark.store.write.Partition;
import io.tidemark.store.write.WriteCoordinator;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes what Kafka delivers into the coordinator's queue.
 *
 * <p>The stage it returns completes when there was room for everything; until then the connector delivers
 * nothing more and pauses its partitions. Acknowledging means nothing here: offsets move with the rows.
 */
@Singleton
public final class BarsConsumer {
    static final String CHANNEL = "store-events";

    private static final Logger LOG = Logger.getLogger(BarsConsumer.class);
    private static final long REJOIN_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Claims claims;
    private final WriteCoordinator coordinator;
    private final Intake intake;
    private final KafkaClientService clients;
    private final Counter missing;
    private final AtomicLong lastRejoin = new AtomicLong(System.nanoTime() - REJOIN_NANOS);

    @Inject
    BarsConsumer(
            Claims claims,
            WriteCoordinator coordinator,
            Intake intake,
            KafkaClientService clients,
            MeterRegistry metrics) {
        this.claims = claims;
        this.intake = intake;
        this.coordinator = coordinator;
        this.clients = clients;
        this.missing = Counter.builder("store_records_missing_total")
                .description("Records that Kafka no longer had when their turn came")
                .register(metrics);
    }

    @Incoming(CHANNEL)
    public CompletionStage<@Nullable Void> consume(ConsumerRecords<byte[], byte[]> records) {
        List<CompletableFuture<@Nullable Void>> admitted = new ArrayList<>();
        for (TopicPartition source : records.partitions()) {
            Batch batch = batch(source, records.records(source));
            if (batch != null) {
                admitted.add(coordinator.offer(batch).toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(admitted.toArray(new CompletableFuture<?>[0]))
                .thenCompose(queued -> intake.whenOpen());
    }

    /** Null when there is nothing to write. */
    private @Nullable Batch batch(TopicPartition source, List<ConsumerRecord<byte[], byte[]>> records) {
        Partition partition = new Partition(source.topic(), source.partition());
        // One claim from the first to the last record: a rebalance meanwhile has to wait.
        synchronized (claims) {
            long epoch = claims.epoch(partition);
            if (epoch == 0) {
                rejoin();
                return null;
            }
            long from = claims.position(partition);
            boolean readAgain = false;
            List<Inbound> taken = new ArrayList<>(records.size());
            for (ConsumerRecord<byte[], byte[]> next : records) {
                long expected = claims.position(partition);
                switch (claims.judge(partition, next.offset())) {
                    case TAKE -> taken.add(new Inbound(next.offset(), next.key(), next.value()));
                    case TAKE_AFTER_HOLE -> {
                        missing.increment((double) (next.offset() - expected));
                        LOG.errorf("%s: offsets %d..%d are gone from Kafka", partition, expected, next.offset() - 1);
                        taken.add(new Inbound(next.offset(), next.key(), next.value()));
                    }
                    case READ_AGAIN -> readAgain = true;
                    case SKIP -> {
                        // Read before.
                    }
                }
            }
            if (readAgain) {
                readAgain(source, partition);
            }
            return taken.isEmpty() ? null : new Batch(partition, epoch, from, claims.position(partition), taken);
        }
    }

    private void readAgain(TopicPartition source, Partition partition) {
        clients.<byte[], byte[]>getConsumer(CHANNEL)
                .runOnPollingThread(consumer -> {
                    long position = claims.position(partition);
                    if (position >= 0 && consumer.assignment().contains(source)) {
                        consumer.seek(source, position);
                    }
                })
                .subscribe()
                .with(ignored -> {}, failure -> LOG.warnf("cannot seek %s: %s", source, failure.getMessage()));
    }

    /** Asks the group to assign anew, so that what is not claimed can be claimed; not more than every 5 s. */
    void rejoin() {
        long now = System.nanoTime();
        long last = lastRejoin.get();
        if (now - last < REJOIN_NANOS || !lastRejoin.compareAndSet(last, now)) {
            return;
        }
        clients.<byte[], byte[]>getConsumer(CHANNEL)
                .runOnPollingThread(consumer -> {
                    consumer.enforceRebalance("a partition is not claimed");
                })
                .subscribe()
                .with(
                        ignored -> LOG.info("asked the group to assign again"),
                        failure -> LOG.warnf("cannot ask the group to assign again: %s", failure.getMessage()));
    }
}
