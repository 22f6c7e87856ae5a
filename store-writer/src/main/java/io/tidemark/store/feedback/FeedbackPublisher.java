package io.tidemark.store.feedback;

import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import io.tidemark.contracts.proto.RateSignal;
import io.tidemark.contracts.proto.RateState;
import io.tidemark.contracts.topic.Topics;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.jboss.logging.Logger;

/**
 * Measures each family and tells each edge seen how fast it may send; called by one thread.
 *
 * <p>Of several writers the one that holds the first partition of the bars sends, for all families, with that
 * claim's epoch; when it dies Kafka gives the partition to another within the session's time, before the lease ends. A
 * signal that cannot be sent is forgotten: the next one is newer, and without any the lease runs out.
 */
@Singleton
public final class FeedbackPublisher {
    private static final Logger LOG = Logger.getLogger(FeedbackPublisher.class);
    private static final int SCHEMA_VERSION = 1;
    private static final int MOST_IN_FLIGHT = 200;

    private final MutinyEmitter<Record<String, byte[]>> emitter;
    private final FeedbackSettings settings;
    private final InstantSource clock;
    private final EdgeLedger ledger;
    private final FeedbackTrace trace;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Map<String, FamilyFeedback> families = new HashMap<>();

    @Inject
    FeedbackPublisher(
            @Channel("store-feedback") MutinyEmitter<Record<String, byte[]>> emitter,
            FeedbackSettings settings,
            EdgeLedger ledger,
            FeedbackTrace trace,
            InstantSource clock) {
        this.emitter = emitter;
        this.settings = settings;
        this.ledger = ledger;
        this.trace = trace;
        this.clock = clock;
    }

    /** What the queue says of itself. */
    public record QueueState(double fill, double writeP95Seconds, boolean breakerOpen, boolean databaseAnswers) {}

    /** Takes a measurement of one family and, as the sender, tells each edge what it means. */
    public void tick(String consumer, GroupProgress now, QueueState queue, EdgeShares edges) {
        FamilyFeedback family = families.computeIfAbsent(now.family(), ignored -> new FamilyFeedback());
        RateController.Decision decision = family.decide(now, queue.breakerOpen());
        RateState before = family.enter(decision.state());
        if (decision.state() != before) {
            LOG.infof(
                    "feedback of %s %s -> %s: backlog %d, drain %.0f/s, limit %s",
                    now.family(),
                    before,
                    decision.state(),
                    FamilyFeedback.backlog(now),
                    family.drain(),
                    decision.limit());
        }
        boolean sender = now.epoch() != 0;
        String state = decision.state().name().replace("RATE_STATE_", "");
        Double limit = decision.limit().isPresent() ? decision.limit().getAsDouble() : null;
        trace.add(new FeedbackTrace.Point(
                clock.instant(),
                now.family(),
                state,
                FamilyFeedback.backlog(now),
                family.arrival(),
                family.drain(),
                limit,
                queue.fill(),
                queue.writeP95Seconds(),
                queue.breakerOpen(),
                sender));
        // A database that does not answer must not hold the signals back.
        boolean exchange = queue.databaseAnswers() && !queue.breakerOpen();
        Map<String, Double> weights = ledger.exchange(
                consumer, now.family(), edges.weights(now.family(), now.nanos()), now.nanos(), exchange);
        if (!sender) {
            return;
        }
        if (exchange) {
            ledger.say(consumer, now.family(), state, limit);
        }
        long sequence = family.next(now.epoch());
        for (EdgeShares.Share share : EdgeShares.shares(weights)) {
            send(consumer, share, now, sequence, family, decision, queue);
        }
    }

    private void send(
            String consumer,
            EdgeShares.Share share,
            GroupProgress measured,
            long sequence,
            FamilyFeedback family,
            RateController.Decision decision,
            QueueState queue) {
        if (inFlight.get() >= MOST_IN_FLIGHT) {
            return;
        }
        Instant now = clock.instant();
        RateSignal.Builder signal = RateSignal.newBuilder()
                .setSchemaVersion(SCHEMA_VERSION)
                .setConsumer(consumer)
                .setFamily(measured.family())
                .setEdge(share.edge())
                .setEpoch(measured.epoch())
                .setSequence(sequence)
                .setIssuedAt(now.getEpochSecond() * 1_000_000_000L + now.getNano())
                .setLeaseMillis((int) settings.lease().toMillis())
                .setState(decision.state())
                .setBacklog(FamilyFeedback.backlog(measured))
                .setArrivalRate(family.arrival())
                .setDrainRate(family.drain())
                .setQueueFill(queue.fill())
                .setWriteP95Seconds(queue.writeP95Seconds());
        OptionalDouble limit = decision.limit();
        if (limit.isPresent()) {
            // Never zero, or an edge could not show that it has something to send.
            signal.setSuggestedRate(Math.max(0.1, limit.getAsDouble() * share.part()));
        }
        String key = Topics.feedbackKey(consumer, measured.family(), share.edge());
        inFlight.incrementAndGet();
        try {
            emitter.send(Record.of(key, signal.build().toByteArray()))
                    .subscribe()
                    .with(ignored -> inFlight.decrementAndGet(), failure -> {
                        inFlight.decrementAndGet();
                        LOG.debugf("a feedback signal was not sent: %s", failure.getMessage());
                    });
        } catch (RuntimeException e) {
            inFlight.decrementAndGet();
            LOG.debugf("a feedback signal was not sent: %s", e.getMessage());
        }
    }
}
