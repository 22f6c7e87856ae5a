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
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Measures the bars family and tells each edge seen how fast it may send; called by one thread.
 *
 * <p>Of several writers the one that holds the topic's first partition sends, with that claim's epoch. A
 * signal that cannot be sent is forgotten: the next one is newer, and without any the lease runs out.
 */
@Singleton
public final class FeedbackPublisher {
    private static final Logger LOG = Logger.getLogger(FeedbackPublisher.class);
    private static final int SCHEMA_VERSION = 1;
    private static final int MOST_IN_FLIGHT = 200;
    private static final double SMOOTHING = 0.3;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double LEAST_SECONDS = 0.3;

    private final MutinyEmitter<Record<String, byte[]>> emitter;
    private final FeedbackSettings settings;
    private final InstantSource clock;
    private final RateController controller = new RateController();
    private final AtomicInteger inFlight = new AtomicInteger();
    private @Nullable GroupProgress last;
    private double arrival;
    private double drain;
    private long epoch;
    private long sequence;
    private RateState state = RateState.RATE_STATE_GREEN;

    @Inject
    FeedbackPublisher(
            @Channel("store-feedback") MutinyEmitter<Record<String, byte[]>> emitter,
            FeedbackSettings settings,
            InstantSource clock) {
        this.emitter = emitter;
        this.settings = settings;
        this.clock = clock;
    }

    /** What the queue says of itself. */
    public record QueueState(double fill, double writeP95Seconds, boolean breakerOpen) {}

    public RateState state() {
        return state;
    }

    /** Takes a measurement and sends a signal to each edge. */
    public void tick(String consumer, GroupProgress now, QueueState queue, EdgeShares edges) {
        GroupProgress before = last;
        if (before != null) {
            double seconds = (now.nanos() - before.nanos()) / NANOS_PER_SECOND;
            // A signal out of turn must not take a few milliseconds for a measurement of speed.
            if (seconds >= LEAST_SECONDS) {
                arrival += SMOOTHING * (Math.max(0, now.end() - before.end()) / seconds - arrival);
                drain += SMOOTHING * (Math.max(0, now.stored() - before.stored()) / seconds - drain);
                last = now;
            }
        } else {
            last = now;
        }
        long backlog = Math.max(0, now.end() - now.stored());
        RateController.Decision decision = controller.decide(
                new RateController.Measure(now.nanos(), backlog, arrival, drain, queue.breakerOpen()));
        if (decision.state() != state) {
            LOG.infof(
                    "feedback %s -> %s: backlog %d, drain %.0f/s, limit %s",
                    state, decision.state(), backlog, drain, decision.limit());
            state = decision.state();
        }
        if (now.epoch() == 0) {
            return;
        }
        if (now.epoch() != epoch) {
            epoch = now.epoch();
            sequence = 0;
        }
        List<EdgeShares.Share> shares = edges.shares(now.nanos());
        for (EdgeShares.Share share : shares) {
            send(consumer, share, backlog, decision, queue);
        }
        sequence++;
    }

    private void send(
            String consumer, EdgeShares.Share share, long backlog, RateController.Decision decision, QueueState queue) {
        if (inFlight.get() >= MOST_IN_FLIGHT) {
            return;
        }
        Instant now = clock.instant();
        RateSignal.Builder signal = RateSignal.newBuilder()
                .setSchemaVersion(SCHEMA_VERSION)
                .setConsumer(consumer)
                .setFamily(Topics.BARS.family())
                .setEdge(share.edge())
                .setEpoch(epoch)
                .setSequence(sequence)
                .setIssuedAt(now.getEpochSecond() * 1_000_000_000L + now.getNano())
                .setLeaseMillis((int) settings.lease().toMillis())
                .setState(decision.state())
                .setBacklog(backlog)
                .setArrivalRate(arrival)
                .setDrainRate(drain)
                .setQueueFill(queue.fill())
                .setWriteP95Seconds(queue.writeP95Seconds());
        OptionalDouble limit = decision.limit();
        if (limit.isPresent()) {
            // Never zero, or an edge could not show that it has something to send.
            signal.setSuggestedRate(Math.max(0.1, limit.getAsDouble() * share.part()));
        }
        String key = Topics.feedbackKey(consumer, Topics.BARS.family(), share.edge());
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
