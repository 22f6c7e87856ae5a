package io.tidemark.edge.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.edge.forward.ForwardSettings;
import io.tidemark.edge.forward.Forwarder;
import io.tidemark.edge.log.LogStore;
import io.tidemark.edge.rate.RateCoordinator;
import io.tidemark.edge.segment.SegmentConverter;
import io.tidemark.edge.segment.SegmentSettings;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What takes events out of the log: the way to Kafka and the way into segments. */
@Singleton
@Unremovable
final class Outlets {
    private static final Logger LOG = Logger.getLogger(Outlets.class);

    private final ForwardSettings forward;
    private final SegmentSettings segments;
    private final RateCoordinator rate;
    private final MeterRegistry registry;
    private volatile @Nullable Forwarder forwarder;
    private volatile @Nullable SegmentConverter converter;

    Outlets(ForwardSettings forward, SegmentSettings segments, RateCoordinator rate, MeterRegistry registry) {
        this.forward = forward;
        this.segments = segments;
        this.rate = rate;
        this.registry = registry;
    }

    /** After the logs were recovered, before the first frame. */
    void start(LogStore store) throws IOException {
        start(store, true);
    }

    /** {@code kafkaNow}: false leaves everything in the log for a later start. */
    void start(LogStore store, boolean kafkaNow) throws IOException {
        SegmentConverter converting = new SegmentConverter(store, segments, InstantSource.system(), registry);
        converting.start();
        converter = converting;
        if (forward.enabled() && kafkaNow) {
            Forwarder started = new Forwarder(store, forward, rate, registry);
            started.start();
            forwarder = started;
        } else if (!forward.enabled()) {
            store.forwardNothing();
        }
    }

    /** Records that have yet to be acknowledged by Kafka. */
    long pending() {
        Forwarder running = forwarder;
        return running == null ? 0 : running.pending();
    }

    long acknowledged() {
        Forwarder running = forwarder;
        return running == null ? 0 : running.acknowledged();
    }

    /** Records per second that may go to Kafka, of the families that are limited. */
    Map<String, Double> limits() {
        return rate.current();
    }

    /** Records per second that a family's consumers can take; infinite without a limit. */
    double limit(Topics family) {
        return rate.current().getOrDefault(family.family(), Double.POSITIVE_INFINITY);
    }

    /** Segment files in {@code ready/}. */
    long segments() {
        SegmentConverter running = converter;
        return running == null ? 0 : running.files();
    }

    /** Everything is sealed: sends the rest within its limit, then makes segments of all logs. */
    void finish() throws IOException {
        Forwarder running = forwarder;
        if (running != null) {
            try {
                if (!running.drain(forward.drainLimit())) {
                    LOG.warnf(
                            "%d records did not get to Kafka within %s; they go at the next start",
                            running.pending(), forward.drainLimit());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            running.close();
        }
        SegmentConverter converting = converter;
        if (converting != null) {
            converting.convertAll();
            converting.close();
        }
    }
}
