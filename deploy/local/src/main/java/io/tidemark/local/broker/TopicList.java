package io.tidemark.local.broker;

import io.tidemark.contracts.topic.Topics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Tidemark's topics on a broker. */
public final class TopicList {
    private static final short REPLICAS = -1; // the broker's own default
    private static final int LIMIT_SECONDS = 30;

    private TopicList() {}

    /** A topic as it stands on the broker. */
    public record Topic(String name, int partitions, boolean compacted, boolean created) {}

    /**
     * Creates those that are missing.
     *
     * @throws IllegalStateException in one sentence, when the broker does not answer or refuses
     */
    public static List<Topic> createMissing(String bootstrapServers) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrapServers, "request.timeout.ms", 5000, "default.api.timeout.ms", 15_000);
        try (Admin admin = Admin.create(settings)) {
            Set<String> before = admin.listTopics().names().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            for (Topics topic : Topics.values()) {
                if (!before.contains(topic.topic())) {
                    create(admin, topic);
                }
            }
            List<String> names =
                    Arrays.stream(Topics.values()).map(Topics::topic).toList();
            Map<String, TopicDescription> now = describe(admin, names);
            List<Topic> all = new ArrayList<>();
            for (Topics topic : Topics.values()) {
                TopicDescription description = now.get(topic.topic());
                all.add(new Topic(
                        topic.topic(),
                        description == null ? 0 : description.partitions().size(),
                        topic.isCompacted(),
                        !before.contains(topic.topic())));
            }
            return all;
        } catch (ExecutionException | TimeoutException | org.apache.kafka.common.KafkaException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            throw new IllegalStateException(
                    "no Kafka broker answers at " + bootstrapServers + ": " + cause.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** A topic that was just created is known everywhere a moment later only. */
    private static Map<String, TopicDescription> describe(Admin admin, List<String> names)
            throws ExecutionException, InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (true) {
            try {
                return admin.describeTopics(names).allTopicNames().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                    throw e;
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private static void create(Admin admin, Topics topic)
            throws ExecutionException, InterruptedException, TimeoutException {
        NewTopic wanted = new NewTopic(topic.topic(), topic.defaultPartitions(), REPLICAS);
        if (topic.isCompacted()) {
            wanted.configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
        }
        try {
            admin.createTopics(List.of(wanted)).all().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            // A service that starts at the same moment creates it too.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }
}
