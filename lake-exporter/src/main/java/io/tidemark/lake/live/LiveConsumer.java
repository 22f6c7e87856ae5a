package io.tidemark.lake.live;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes what Kafka delivers to the tail's own thread.
 *
 * <p>The stage it returns completes when the tail took everything; until then nothing more is delivered.
 * Acknowledging means nothing here: the offsets are part of the tail's state.
 */
@Singleton
public final class LiveConsumer {
    static final String CHANNEL = "lake-live";

    private static final Logger LOG = Logger.getLogger(LiveConsumer.class);

    private final LiveService service;
    private final LiveOffsets offsets;
    private final KafkaClientService clients;

    LiveConsumer(LiveService service, LiveOffsets offsets, KafkaClientService clients) {
        this.service = service;
        this.offsets = offsets;
        this.clients = clients;
        service.reader(this::readAgain);
    }

    /** One poll's records. */
    @Incoming(CHANNEL)
    public CompletionStage<@Nullable Void> consume(ConsumerRecords<byte[], byte[]> records) {
        CompletableFuture<@Nullable Void> taken = new CompletableFuture<>();
        service.deliver(records, taken);
        return taken;
    }

    /** Seeks all partitions to where the tail wants to go on. */
    private void readAgain() {
        clients.<byte[], byte[]>getConsumer(CHANNEL)
                .runOnPollingThread(consumer -> {
                    Collection<TopicPartition> assigned = consumer.assignment();
                    assigned.forEach(partition -> consumer.seek(partition, offsets.next(partition.toString())));
                })
                .subscribe()
                .with(ignored -> {}, failure -> LOG.warnf("cannot seek: %s", failure.getMessage()));
    }
}
