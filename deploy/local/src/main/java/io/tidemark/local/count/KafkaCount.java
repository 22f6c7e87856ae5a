package io.tidemark.local.count;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.SequenceRange;
import io.tidemark.contracts.proto.SessionChange;
import io.tidemark.contracts.topic.Headers;
import io.tidemark.contracts.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads every market topic from its first to its present last record with a plain consumer and counts
 * distinct identities, taken from headers and key.
 *
 * <p>Sequences have no holes, so one bit per event is enough: a million events take 125 KB.
 */
public final class KafkaCount {
    private static final Duration STALLED = Duration.ofSeconds(60);

    private final Map<String, BitSet> seen = new HashMap<>();
    private final SortedMap<String, Long> distinct = new TreeMap<>();
    private final SortedMap<String, Long> conflated = new TreeMap<>();
    private long records;

    private KafkaCount() {}

    public static KafkaCount read(String bootstrapServers) {
        KafkaCount count = new KafkaCount();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false,
                "isolation.level",
                "read_committed",
                "max.poll.records",
                5000);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            Map<String, List<PartitionInfo>> topics = consumer.listTopics(Duration.ofSeconds(30));
            for (Topics topic : Topics.market()) {
                for (PartitionInfo partition : topics.getOrDefault(topic.topic(), List.of())) {
                    partitions.add(new TopicPartition(topic.topic(), partition.partition()));
                }
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long moved = System.nanoTime();
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                var polled = consumer.poll(Duration.ofMillis(500));
                for (ConsumerRecord<byte[], byte[]> one : polled) {
                    count.add(one);
                }
                if (!polled.isEmpty()) {
                    moved = System.nanoTime();
                } else if (System.nanoTime() - moved > STALLED.toNanos()) {
                    throw new IllegalStateException("Kafka gave no record for " + STALLED.toSeconds() + " s");
                }
            }
        }
        return count;
    }

    /** Distinct identities per channel. */
    public SortedMap<String, Long> distinct() {
        return distinct;
    }

    /** Per channel, how many events session events name as conflated. */
    public SortedMap<String, Long> conflated() {
        return conflated;
    }

    /** All records, repeats included. */
    public long records() {
        return records;
    }

    private void add(ConsumerRecord<byte[], byte[]> one) {
        records++;
        String channel = header(one, Headers.CHANNEL);
        String stream = header(one, Headers.EDGE)
                + '|'
                + header(one, Headers.INCARNATION)
                + '|'
                + channel
                + '|'
                + new String(one.key(), StandardCharsets.UTF_8);
        int sequence = Math.toIntExact(Long.parseLong(header(one, Headers.SEQUENCE)));
        BitSet bits = seen.computeIfAbsent(stream, key -> new BitSet());
        if (bits.get(sequence)) {
            return;
        }
        bits.set(sequence);
        distinct.merge(channel, 1L, Long::sum);
        if (channel.equals(Channel.SESSIONS.label())) {
            addConflated(one);
        }
    }

    private void addConflated(ConsumerRecord<byte[], byte[]> one) {
        try {
            Envelope event = Envelope.parseFrom(one.value());
            if (event.getSession().getChange() != SessionChange.SESSION_CHANGE_CONFLATED) {
                return;
            }
            for (SequenceRange range : event.getSession().getConflatedList()) {
                conflated.merge(
                        event.getSession().getConflatedChannel(), range.getLast() - range.getFirst() + 1, Long::sum);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("record " + where(one) + " is no event", e);
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> one, String name) {
        Header header = one.headers().lastHeader(name);
        if (header == null) {
            throw new IllegalStateException("record " + where(one) + " has no header " + name);
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    private static String where(ConsumerRecord<?, ?> one) {
        return one.topic() + "-" + one.partition() + "@" + one.offset();
    }
}
