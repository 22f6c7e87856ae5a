package io.tidemark.store.consume;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.database.DatabaseFailure;
import io.tidemark.store.feedback.EdgeShares;
import io.tidemark.store.feedback.FeedbackPublisher;
import io.tidemark.store.feedback.GroupProgress;
import io.tidemark.store.write.Partition;
import io.tidemark.store.write.WriteCoordinator;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Once a second: how far the group is, what that means for the edges, and a hint for Kafka's own offsets.
 *
 * <p>While broker or database is away the last known numbers hold, so that a drain of nothing shows.
 */
@Singleton
final class Progress {
    private static final Logger LOG = Logger.getLogger(Progress.class);

    private final Broker broker;
    private final OffsetTable offsets;
    private final Claims claims;
    private final StoreState state;
    private final WriteCoordinator coordinator;
    private final FeedbackPublisher feedback;
    private final EdgeShares edges;
    private final BarsConsumer consumer;
    private final KafkaClientService clients;
    private final FactFamilies facts;
    private final String group;
    private @Nullable Map<Partition, Long> lastEnds;
    private @Nullable Map<Partition, Long> lastStored;

    @Inject
    Progress(
            Broker broker,
            OffsetTable offsets,
            Claims claims,
            StoreState state,
            WriteCoordinator coordinator,
            FeedbackPublisher feedback,
            EdgeShares edges,
            BarsConsumer consumer,
            KafkaClientService clients,
            FactFamilies facts,
            ConsumeSettings settings) {
        this.broker = broker;
        this.offsets = offsets;
        this.claims = claims;
        this.state = state;
        this.coordinator = coordinator;
        this.feedback = feedback;
        this.edges = edges;
        this.consumer = consumer;
        this.clients = clients;
        this.facts = facts;
        this.group = settings.consumerGroup();
    }

    /** Asks both now. Throws when one of them does not answer. */
    Lag measure() throws Broker.BrokerAway {
        // The ends first: what is committed meanwhile can only make the lag smaller than it was.
        Map<Partition, Long> ends = broker.ends(facts.topics());
        return lag(ends, offsets.all());
    }

    private static Lag lag(Map<Partition, Long> ends, Map<Partition, Long> stored) {
        List<Lag.Part> parts = new ArrayList<>();
        ends.forEach((partition, end) -> parts.add(
                new Lag.Part(partition.topic(), partition.number(), stored.getOrDefault(partition, 0L), end)));
        return new Lag(parts);
    }

    void tick() {
        try {
            lastEnds = broker.ends(facts.topics());
            state.broker(null);
        } catch (Broker.BrokerAway e) {
            state.broker(e.getMessage());
        }
        try {
            lastStored = offsets.all();
            state.database(null);
        } catch (DatabaseFailure e) {
            state.database(e.getMessage());
        }
        Map<Partition, Long> ends = lastEnds;
        Map<Partition, Long> stored = lastStored;
        if (ends == null || stored == null) {
            return;
        }
        // Whoever holds the first partition of the bars speaks for the group, about every family.
        long epoch = claims.epoch(new Partition(Topics.BARS.topic(), 0));
        long now = System.nanoTime();
        for (Topics topic : facts.topics()) {
            Lag lag = lag(ends, stored).of(topic.topic());
            feedback.tick(
                    group,
                    new GroupProgress(topic.family(), now, lag.end(), lag.stored(), epoch),
                    new FeedbackPublisher.QueueState(
                            coordinator.fill(),
                            coordinator.p95Seconds(),
                            coordinator.breakerOpen(),
                            state.databaseProblem() == null),
                    edges);
        }
        if (claims.unclaimed()) {
            consumer.rejoin();
        }
    }

    /** Tells Kafka how far the rows are, for tools that look there; nothing here ever reads it. */
    void hint() {
        Map<Partition, Long> stored = claims.takeStored();
        if (stored == null) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> hints = new HashMap<>();
        stored.forEach((partition, next) ->
                hints.put(new TopicPartition(partition.topic(), partition.number()), new OffsetAndMetadata(next)));
        clients.<byte[], byte[]>getConsumer(BarsConsumer.CHANNEL)
                .commitAsync(hints)
                .subscribe()
                .with(
                        ignored -> {},
                        failure -> LOG.debugf("the hint for Kafka's offsets was refused: %s", failure.getMessage()));
    }
}
