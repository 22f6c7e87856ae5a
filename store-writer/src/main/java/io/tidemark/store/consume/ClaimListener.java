package io.tidemark.store.consume;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import io.tidemark.store.database.DatabaseFailure;
import io.tidemark.store.write.Partition;
import io.tidemark.store.write.WriteCoordinator;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Claims in the database what Kafka assigns, and seeks to the stored offset before the first record is read.
 *
 * <p>Runs on the polling thread, which may wait here for the database, but not for ever: what could not be
 * claimed in time stays unclaimed, its records are left alone, and the group is asked to assign again.
 */
@Singleton
@Identifier("store-events")
final class ClaimListener implements KafkaConsumerRebalanceListener {
    private static final Logger LOG = Logger.getLogger(ClaimListener.class);
    private static final Duration BROKER_TIME = Duration.ofSeconds(10);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final OffsetTable offsets;
    private final Claims claims;
    private final Broker broker;
    private final WriteCoordinator coordinator;
    private final StoreState state;
    private final long timeoutNanos;
    private final String owner;

    @Inject
    ClaimListener(
            OffsetTable offsets,
            Claims claims,
            Broker broker,
            WriteCoordinator coordinator,
            StoreState state,
            ConsumeSettings settings) {
        this.offsets = offsets;
        this.claims = claims;
        this.broker = broker;
        this.coordinator = coordinator;
        this.state = state;
        this.timeoutNanos = settings.claimTimeout().toNanos();
        this.owner = "pid " + ProcessHandle.current().pid();
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        claimInTime(consumer, partitions);
        // Only now: what is being claimed is not yet missing.
        partitions.forEach(partition -> claims.assigned(of(partition)));
    }

    private void claimInTime(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        long deadline = System.nanoTime() + timeoutNanos;
        String problem = "";
        while (!partitions.isEmpty() && !state.isStopping() && System.nanoTime() - deadline < 0) {
            try {
                if (state.isSchemaReady()) {
                    claim(consumer, partitions);
                    return;
                }
            } catch (DatabaseFailure | KafkaException e) {
                if (problem.isEmpty()) {
                    LOG.warnf("waiting to claim %s: %s", partitions, e.getMessage());
                }
                problem = String.valueOf(e.getMessage());
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
        if (!partitions.isEmpty() && !state.isStopping()) {
            LOG.warnf("could not claim %s in time: %s", partitions, problem.isEmpty() ? "no schema yet" : problem);
        }
    }

    private void claim(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, BROKER_TIME);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, BROKER_TIME);
        Map<String, String> ids = topicIds(partitions);
        for (TopicPartition assigned : partitions) {
            Partition partition = of(assigned);
            OffsetTable.Position position = offsets.claim(
                    partition,
                    begins.getOrDefault(assigned, 0L),
                    ends.getOrDefault(assigned, 0L),
                    owner,
                    ids.getOrDefault(assigned.topic(), ""));
            consumer.seek(assigned, position.next());
            coordinator.open(partition, position.epoch());
            claims.claimed(partition, position.epoch(), position.next());
            LOG.infof("claimed %s from offset %d (claim %d)", partition, position.next(), position.epoch());
        }
    }

    private Map<String, String> topicIds(Collection<TopicPartition> partitions) {
        try {
            return broker.ids(
                    partitions.stream().map(TopicPartition::topic).distinct().toList());
        } catch (Broker.BrokerAway e) {
            throw new KafkaException(e.getMessage(), e);
        }
    }

    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            claims.revoked(of(partition));
            coordinator.close(of(partition));
        }
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        onPartitionsRevoked(consumer, partitions);
    }

    private static Partition of(TopicPartition partition) {
        return new Partition(partition.topic(), partition.partition());
    }
}
