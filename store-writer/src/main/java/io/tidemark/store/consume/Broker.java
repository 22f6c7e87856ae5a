package io.tidemark.store.consume;

import io.smallrye.common.annotation.Identifier;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.write.Partition;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/** Questions to the broker that no consumer channel answers, each with a time limit. */
@Singleton
final class Broker implements AutoCloseable {
    private static final long LIMIT_SECONDS = 8;

    private final Map<String, Object> common;
    private final short replication;
    private @Nullable Admin admin;

    @Inject
    Broker(@Identifier("default-kafka-broker") Map<String, Object> common, ConsumeSettings settings) {
        this.common = common;
        this.replication = settings.topicReplication();
    }

    /** The broker did not answer, or not as it should. */
    static final class BrokerAway extends Exception {
        private static final long serialVersionUID = 1L;

        BrokerAway(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Creates those of the topics that are missing. */
    void createMissing(List<Topics> topics) throws BrokerAway {
        Set<String> there = ask(admin().listTopics().names(), "listing the topics");
        for (Topics topic : topics) {
            if (!there.contains(topic.topic())) {
                NewTopic created = new NewTopic(topic.topic(), topic.defaultPartitions(), replication);
                if (topic.isCompacted()) {
                    created.configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
                }
                try {
                    ask(admin().createTopics(List.of(created)).all(), "creating " + topic.topic());
                } catch (BrokerAway e) {
                    // Another service was faster.
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw e;
                    }
                }
            }
        }
    }

    /** What tells a topic from one of the same name that was there before. */
    Map<String, String> ids(List<String> names) throws BrokerAway {
        Map<String, String> ids = new HashMap<>();
        ask(admin().describeTopics(names).allTopicNames(), "describing " + String.join(", ", names))
                .forEach((name, described) -> ids.put(name, described.topicId().toString()));
        return ids;
    }

    /** End offsets of the topics' partitions. */
    Map<Partition, Long> ends(List<Topics> topics) throws BrokerAway {
        List<String> names = topics.stream().map(Topics::topic).toList();
        String what = String.join(", ", names);
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (TopicDescription described : ask(admin().describeTopics(names).allTopicNames(), "describing " + what)
                .values()) {
            for (int i = 0; i < described.partitions().size(); i++) {
                asked.put(new TopicPartition(described.name(), i), OffsetSpec.latest());
            }
        }
        Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> answers =
                ask(admin().listOffsets(asked).all(), "the ends of " + what);
        Map<Partition, Long> ends = new TreeMap<>();
        answers.forEach(
                (partition, info) -> ends.put(new Partition(partition.topic(), partition.partition()), info.offset()));
        return ends;
    }

    private synchronized Admin admin() throws BrokerAway {
        if (admin == null) {
            Map<String, Object> settings = new HashMap<>();
            Set<String> known = AdminClientConfig.configNames();
            common.forEach((name, value) -> {
                if (known.contains(name)) {
                    settings.put(name, value);
                }
            });
            settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "tidemark-store-writer-admin");
            settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
            settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 7_000);
            try {
                admin = Admin.create(settings);
            } catch (org.apache.kafka.common.KafkaException e) {
                throw new BrokerAway("cannot reach Kafka: " + reason(e), e);
            }
        }
        return admin;
    }

    private static <T> T ask(KafkaFuture<T> answer, String what) throws BrokerAway {
        try {
            return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new BrokerAway(what + " failed: " + reason(cause), cause);
        } catch (TimeoutException e) {
            throw new BrokerAway(what + " took too long", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerAway(what + " was interrupted", e);
        }
    }

    private static String reason(Throwable failure) {
        List<String> words = new ArrayList<>();
        for (Throwable at = failure; at != null && words.size() < 3; at = at.getCause()) {
            if (at.getMessage() != null) {
                words.add(at.getMessage());
            }
        }
        return String.join(": ", words);
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(java.time.Duration.ofSeconds(2));
            admin = null;
        }
    }
}
