package io.tidemark.edge.poll;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.edge.feed.BadFrameException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What is counted of one polled source; written by its thread, read by any. See the module's README for the names. */
final class PollMetrics {
    private static final String SOURCE = "source";

    final AtomicLong requests = new AtomicLong();
    final AtomicLong records = new AtomicLong();
    final AtomicLong duplicates = new AtomicLong();
    final AtomicLong rounded = new AtomicLong();
    private final Map<String, AtomicLong> channels = new ConcurrentHashMap<>();
    private final MeterRegistry registry;
    private final String source;

    PollMetrics(MeterRegistry registry, String source) {
        this.registry = registry;
        this.source = source;
        counter("edge.poll.records", "Records of polled sources that were new", records);
        counter("edge.poll.duplicates", "Records of polled sources that were known already", duplicates);
        counter("edge.poll.rounded", "Records with a number that was rounded by the source's own setting", rounded);
    }

    private void counter(String name, String description, AtomicLong count) {
        FunctionCounter.builder(name, count, AtomicLong::doubleValue)
                .description(description)
                .tag(SOURCE, source)
                .register(registry);
    }

    /** {@code outcome}: new, unchanged, refused, failed or limited. */
    void asked(String outcome) {
        requests.incrementAndGet();
        registry.counter("edge.poll.requests", SOURCE, source, "outcome", outcome)
                .increment();
    }

    void quarantined(BadFrameException.Reason reason) {
        registry.counter("edge.quarantined", SOURCE, source, "reason", reason.tag())
                .increment();
    }

    void committed(String channel, long count) {
        channels.computeIfAbsent(channel, name -> {
                    AtomicLong added = new AtomicLong();
                    FunctionCounter.builder("edge.events", added, AtomicLong::doubleValue)
                            .description("Events recorded")
                            .tag(SOURCE, source)
                            .tag("channel", name)
                            .register(registry);
                    return added;
                })
                .addAndGet(count);
    }

    Map<String, Long> committed() {
        Map<String, Long> counts = new TreeMap<>();
        channels.forEach((channel, count) -> counts.put(channel, count.get()));
        return counts;
    }

    void watch(PollSupervisor poll) {
        Gauge.builder("edge.poll.fresh", poll, p -> p.status().fresh() ? 1 : 0)
                .description("1 while a polled source is asked with success")
                .tag(SOURCE, source)
                .register(registry);
        Gauge.builder(
                        "edge.poll.interval.seconds",
                        poll,
                        p -> p.status().interval().toMillis() / 1000.0)
                .description("From one round of requests to the next, stretched when consumers are behind")
                .tag(SOURCE, source)
                .register(registry);
    }
}
