package io.tidemark.edge.rate;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.contracts.proto.RateSignal;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.edge.forward.SendRate;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Obeys the feedback topic: says how many records of each family may go to Kafka now.
 *
 * <p>A signal holds for its lease; when no other follows, the limit ramps back to none by itself. The log and the
 * segments never see any of this: a family that is held back waits in the log. Safe for all threads.
 */
public final class RateCoordinator implements SendRate {
    private static final Logger LOG = Logger.getLogger(RateCoordinator.class);
    /** A change of less than this part is not worth a line in the log. */
    private static final double TOLD_PART = 0.1;

    private final String edge;
    private final RateSettings settings;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Map<Topics, FamilyLimit> limits = new EnumMap<>(Topics.class);
    private final Map<Topics, Double> told = new EnumMap<>(Topics.class);
    private final Counter signals;
    private final Counter ignored;

    /** {@code jitter} gives numbers from 0 to 1. */
    public RateCoordinator(
            String edge,
            RateSettings settings,
            InstantSource clock,
            LongSupplier nanos,
            DoubleSupplier jitter,
            MeterRegistry meters) {
        this.edge = edge;
        this.settings = settings;
        this.clock = clock;
        this.nanos = nanos;
        for (Topics family : Topics.market()) {
            FamilyLimit limit = new FamilyLimit(
                    settings.floor(), settings.ramp().toMillis() / 1000.0, jitter.getAsDouble(), seconds());
            limits.put(family, limit);
            told.put(family, FamilyLimit.NONE);
            Gauge.builder("edge_rate_limit", () -> limit.limit(seconds()))
                    .tag("family", family.family())
                    .description("records per second that may go to Kafka; +Inf without a limit")
                    .register(meters);
        }
        signals = meters.counter("edge_rate_signals_total");
        ignored = meters.counter("edge_rate_signals_ignored_total");
    }

    private double seconds() {
        return nanos.getAsLong() / 1e9;
    }

    /** Takes a signal of the feedback topic. Those of other edges, of ended leases and of the past are ignored. */
    public void accept(RateSignal signal) {
        long now = clock.millis();
        long ends = signal.getIssuedAt() / 1_000_000L + signal.getLeaseMillis();
        @Nullable
        FamilyLimit limit = settings.obey() && signal.getEdge().equals(edge) && ends > now ? limit(signal) : null;
        // A sender whose clock is ahead does not get a longer lease than it asked for.
        double lease = Math.min(signal.getLeaseMillis(), ends - now) / 1000.0;
        if (limit == null || !limit.accept(signal, lease, seconds())) {
            ignored.increment();
            return;
        }
        signals.increment();
        tell(Topics.ofFamily(signal.getFamily()), limit, signal);
    }

    private @Nullable FamilyLimit limit(RateSignal signal) {
        try {
            return limits.get(Topics.ofFamily(signal.getFamily()));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private synchronized void tell(Topics family, FamilyLimit limit, RateSignal signal) {
        double now = limit.limit(seconds());
        double before = told.getOrDefault(family, FamilyLimit.NONE);
        boolean changed = Double.isInfinite(now) != Double.isInfinite(before)
                || (!Double.isInfinite(now) && Math.abs(now - before) > TOLD_PART * before);
        if (changed) {
            told.put(family, now);
            LOG.infof(
                    "%s go to Kafka with %s: %s says %s, backlog %d",
                    family.family(),
                    Double.isInfinite(now) ? "no limit" : "at most " + Math.round(now) + " records/s",
                    signal.getConsumer(),
                    signal.getState().name().replace("RATE_STATE_", ""),
                    signal.getBacklog());
        }
    }

    /** The limit of each limited family, in records per second; empty when nothing is held back. */
    public Map<String, Double> current() {
        Map<String, Double> current = new TreeMap<>();
        limits.forEach((family, limit) -> {
            double now = limit.limit(seconds());
            if (!Double.isInfinite(now)) {
                current.put(family.family(), now);
            }
        });
        return current;
    }

    @Override
    public boolean mayTake(Topics family) {
        FamilyLimit limit = limits.get(family);
        if (limit == null) {
            return true;
        }
        boolean may = limit.tryAcquire(seconds());
        if (may && !Double.isInfinite(told.getOrDefault(family, FamilyLimit.NONE))) {
            tellOfEnd(family, limit);
        }
        return may;
    }

    private synchronized void tellOfEnd(Topics family, FamilyLimit limit) {
        if (Double.isInfinite(limit.limit(seconds()))
                && !Double.isInfinite(told.getOrDefault(family, FamilyLimit.NONE))) {
            told.put(family, FamilyLimit.NONE);
            LOG.infof("%s go to Kafka with no limit: the signal's lease has ended", family.family());
        }
    }
}
