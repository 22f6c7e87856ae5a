package io.tidemark.lake.live;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** Seeks what Kafka assigns to the offsets of the tail, before the first record is read. */
@Singleton
@Identifier(LiveConsumer.CHANNEL)
final class LiveAssignments implements KafkaConsumerRebalanceListener {
    private static final Logger LOG = Logger.getLogger(LiveAssignments.class);
    private static final Duration BROKER_TIME = Duration.ofSeconds(5);

    private final LiveOffsets offsets;

    LiveAssignments(LiveOffsets offsets) {
        this.offsets = offsets;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        seek(consumer, partitions, offsets);
    }

    static void seek(Consumer<?, ?> consumer, Collection<TopicPartition> partitions, LiveOffsets offsets) {
        Map<TopicPartition, Long> ends = Map.of();
        try {
            ends = consumer.endOffsets(partitions, BROKER_TIME);
        } catch (KafkaException e) {
            // A topic made anew is then found at the next assignment.
            LOG.debugf("the ends of %d partitions are not known: %s", partitions.size(), e.getMessage());
        }
        for (TopicPartition partition : partitions) {
            Long end = ends.get(partition);
            if (end != null && end < offsets.next(partition.toString())) {
                LOG.warnf("%s ends at %d, before what was read of it; it is read from its begin", partition, end);
                offsets.restart(partition.toString());
            }
            consumer.seek(partition, offsets.next(partition.toString()));
        }
    }
}
