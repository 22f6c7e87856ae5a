package io.tidemark.lake.live;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.Record;
import io.tidemark.contracts.proto.RateSignal;
import io.tidemark.contracts.proto.RateState;
import io.tidemark.contracts.topic.Topics;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells the edges how fast the tail takes each family.
 *
 * <p>Measured every interval. While all is well a signal goes out a few times per lease only; a family that is
 * behind, or whose state changes, is signalled at once and every interval. A signal that cannot be sent is
 * forgotten: the next one is newer, and without any the lease runs out.
 */
@Singleton
final class LiveFeedback {
    private static final Logger LOG = Logger.getLogger(LiveFeedback.class);
    private static final Duration BROKER_TIME = Duration.ofSeconds(1);
    private static final int MOST_IN_FLIGHT = 200;
    private static final int SIGNALS_PER_LEASE = 3;

    private static final class Family {
        private final Pace pace = new Pace();
        private final Map<String, Double> edges = new TreeMap<>();
        private long sentNanos;
    }

    private final LiveSettings settings;
    private final LiveOffsets offsets;
    private final LiveTraffic traffic;
    private final KafkaClientService clients;
    private final MutinyEmitter<Record<String, byte[]>> emitter;
    private final InstantSource clock = InstantSource.system();
    private final Map<Topics, Family> families = new EnumMap<>(Topics.class);
    private final AtomicInteger inFlight = new AtomicInteger();
    private @Nullable ScheduledThreadPoolExecutor timer;
    private volatile long lag;
    private long sequence;

    LiveFeedback(
            LiveSettings settings,
            LiveOffsets offsets,
            LiveTraffic traffic,
            KafkaClientService clients,
            @Channel("lake-feedback") MutinyEmitter<Record<String, byte[]>> emitter) {
        this.settings = settings;
        this.offsets = offsets;
        this.traffic = traffic;
        this.clients = clients;
        this.emitter = emitter;
    }

    void start(@Observes StartupEvent event) {
        if (!settings.enabled()) {
            return;
        }
        ScheduledThreadPoolExecutor started = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "lake-live-feedback");
            thread.setDaemon(true);
            return thread;
        });
        timer = started;
        long millis = Math.max(100, settings.feedbackInterval().toMillis());
        var unused = started.scheduleWithFixedDelay(this::tick, millis, millis, TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        ScheduledThreadPoolExecutor running = timer;
        if (running != null) {
            running.shutdownNow();
        }
    }

    /** Records that Kafka has and the tail has not. */
    long lag() {
        return lag;
    }

    private void tick() {
        try {
            Map<TopicPartition, Long> ends = clients.<byte[], byte[]>getConsumer(LiveConsumer.CHANNEL)
                    .runOnPollingThread(LiveFeedback::ends)
                    .await()
                    .atMost(BROKER_TIME.multipliedBy(5));
            if (traffic.epoch() > 0) {
                measure(ends);
            }
        } catch (RuntimeException e) {
            // Without a broker there is nobody to tell.
            LOG.debugf("the live tail's lag is not known: %s", e.getMessage());
        }
    }

    private static Map<TopicPartition, Long> ends(Consumer<byte[], byte[]> consumer) {
        try {
            return consumer.assignment().isEmpty() ? Map.of() : consumer.endOffsets(consumer.assignment(), BROKER_TIME);
        } catch (KafkaException e) {
            return Map.of();
        }
    }

    private void measure(Map<TopicPartition, Long> ends) {
        Map<String, Map<String, Long>> taken = traffic.drain();
        Map<Topics, long[]> sums = new HashMap<>();
        long behind = 0;
        for (Topics family : Topics.market()) {
            long end = 0;
            long next = 0;
            for (Map.Entry<TopicPartition, Long> partition : ends.entrySet()) {
                if (partition.getKey().topic().equals(family.topic())) {
                    end += partition.getValue();
                    next += Math.min(
                            partition.getValue(),
                            offsets.next(partition.getKey().toString()));
                }
            }
            sums.put(family, new long[] {end, next});
            behind += end - next;
        }
        lag = behind;
        if (ends.isEmpty()) {
            return;
        }
        long nanos = System.nanoTime();
        sums.forEach((family, sum) -> {
            Family known = families.computeIfAbsent(family, name -> new Family());
            Map<String, Long> byEdge = taken.getOrDefault(family.topic(), Map.of());
            known.edges.replaceAll((edge, weight) -> Math.max(1e-3, weight * 0.8));
            byEdge.forEach((edge, count) -> known.edges.merge(edge, (double) count, Double::sum));
            Pace.Decision decision = known.pace.decide(
                    nanos,
                    sum[0],
                    sum[1],
                    byEdge.values().stream().mapToLong(Long::longValue).sum());
            if (decision.changed()) {
                LOG.infof(
                        "feedback for %s: %s, backlog %d, drain %.0f/s",
                        family.family(), decision.state(), decision.backlog(), decision.drain());
            }
            boolean due = nanos - known.sentNanos >= settings.feedbackLease().toNanos() / SIGNALS_PER_LEASE;
            if (decision.changed() || decision.state() != RateState.RATE_STATE_GREEN || due) {
                known.sentNanos = nanos;
                double all = known.edges.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum();
                known.edges.forEach((edge, weight) -> send(family, edge, weight / all, decision));
            }
        });
        sequence++;
    }

    private void send(Topics family, String edge, double part, Pace.Decision decision) {
        if (inFlight.get() >= MOST_IN_FLIGHT) {
            return;
        }
        Instant now = clock.instant();
        RateSignal.Builder signal = RateSignal.newBuilder()
                .setSchemaVersion(1)
                .setConsumer(settings.consumer())
                .setFamily(family.family())
                .setEdge(edge)
                .setEpoch(traffic.epoch())
                .setSequence(sequence)
                .setIssuedAt(now.getEpochSecond() * 1_000_000_000L + now.getNano())
                .setLeaseMillis((int) settings.feedbackLease().toMillis())
                .setState(decision.state())
                .setBacklog(decision.backlog())
                .setArrivalRate(decision.arrival())
                .setDrainRate(decision.drain());
        if (decision.limit().isPresent()) {
            // Never zero, or an edge could not show that it has something to send.
            signal.setSuggestedRate(Math.max(0.1, decision.limit().getAsDouble() * part));
        }
        String key = Topics.feedbackKey(settings.consumer(), family.family(), edge);
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
