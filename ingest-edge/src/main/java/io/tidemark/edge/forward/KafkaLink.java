package io.tidemark.edge.forward;

import io.tidemark.contracts.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The one producer, made when a broker answers and made again after a fatal error.
 *
 * <p>Used by the forwarder's thread. Connecting first creates the topics that are missing, so that a send never
 * waits for a topic that nobody makes.
 */
final class KafkaLink {
    /** Largest record that topics of this edge's making take: a whole book snapshot, before compression. */
    static final int MAX_RECORD = 16 << 20;

    private final ForwardSettings settings;
    private final String edge;
    private @Nullable Producer<byte[], byte[]> producer;

    KafkaLink(ForwardSettings settings, String edge) {
        this.settings = settings;
        this.edge = edge;
    }

    @Nullable
    Producer<byte[], byte[]> producer() {
        return producer;
    }

    /** Throws when no broker answers within a few seconds. */
    void connect() throws ExecutionException, InterruptedException {
        createTopics();
        producer = new KafkaProducer<>(producerProperties(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Properties producerProperties() {
        long buffer = settings.bufferMemory().asLongValue();
        Properties properties = new Properties();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "tidemark-edge-" + edge);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        // More than one, and a partition whose leader is not ready yet may refuse a batch and take the next one: a
        // broker that does not know the producer accepts any first sequence, and the refused batch never fits again.
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, settings.compression());
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Long.toString(buffer));
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(32 << 10));
        properties.put(
                ProducerConfig.LINGER_MS_CONFIG, Long.toString(settings.linger().toMillis()));
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Long.toString(Math.min(MAX_RECORD, buffer / 2)));
        // A broker may be away for a day: what is buffered waits for it, the rest waits in the log. An expired
        // batch would let later ones of its key overtake it.
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(Integer.MAX_VALUE));
        properties.put(ProducerConfig.RETRIES_CONFIG, Integer.toString(Integer.MAX_VALUE));
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
        properties.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "5000");
        properties.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, "2000");
        properties.put(ProducerConfig.SEND_BUFFER_CONFIG, "65536");
        properties.put(ProducerConfig.RECEIVE_BUFFER_CONFIG, "32768");
        properties.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, "false");
        return properties;
    }

    private void createTopics() throws ExecutionException, InterruptedException {
        Map<String, Object> properties = new HashMap<>();
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "tidemark-edge-" + edge + "-topics");
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "8000");
        properties.put(AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG, "false");
        Admin admin = Admin.create(properties);
        try {
            Set<String> there = admin.listTopics().names().get();
            List<NewTopic> missing = new ArrayList<>();
            for (Topics topic : Topics.values()) {
                if (!there.contains(topic.topic())) {
                    missing.add(topic(topic));
                }
            }
            for (var created : admin.createTopics(missing).values().values()) {
                try {
                    created.get(8, TimeUnit.SECONDS);
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw e;
                    }
                } catch (java.util.concurrent.TimeoutException e) {
                    throw new ExecutionException("the broker did not create the topics in time", e);
                }
            }
        } finally {
            admin.close(Duration.ofSeconds(1));
        }
    }

    private NewTopic topic(Topics topic) {
        int partitions = topic.isMarket() ? settings.partitions() : topic.defaultPartitions();
        Map<String, String> configs = new HashMap<>();
        if (topic.isCompacted()) {
            configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        } else {
            configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_RECORD));
        }
        return new NewTopic(topic.topic(), Optional.of(partitions), Optional.of(settings.replicas())).configs(configs);
    }

    /** Gives up what the producer still holds after {@code limit}. */
    void disconnect(Duration limit) {
        Producer<byte[], byte[]> old = producer;
        producer = null;
        if (old != null) {
            old.close(limit);
        }
    }
}
