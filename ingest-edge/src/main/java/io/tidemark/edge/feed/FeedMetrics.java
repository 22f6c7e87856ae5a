package io.tidemark.edge.feed;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/** The meters of one feed; see the module's README for their names. */
public final class FeedMetrics {
    private static final String SOURCE = "source";

    private final MeterRegistry registry;
    private final String source;
    private final Counter frames;
    private final Counter bytes;
    private final Counter reconnects;

    public FeedMetrics(MeterRegistry registry, String source) {
        this.registry = registry;
        this.source = source;
        this.frames = Counter.builder("edge.frames.received")
                .description("WebSocket messages received")
                .tag(SOURCE, source)
                .register(registry);
        this.bytes = Counter.builder("edge.frames.bytes")
                .description("Bytes of the WebSocket messages received")
                .baseUnit("bytes")
                .tag(SOURCE, source)
                .register(registry);
        this.reconnects = Counter.builder("edge.reconnects")
                .description("Attempts to connect after the first")
                .tag(SOURCE, source)
                .register(registry);
    }

    /** For {@link ChannelCounts}. */
    public void channel(String channel, AtomicLong count) {
        FunctionCounter.builder("edge.events", count, AtomicLong::doubleValue)
                .description("Events recorded")
                .tag(SOURCE, source)
                .tag("channel", channel)
                .register(registry);
    }

    /** For {@link Quarantine}. */
    public void quarantined(BadFrameException.Reason reason) {
        registry.counter("edge.quarantined", SOURCE, source, "reason", reason.tag())
                .increment();
    }

    void frame(int length) {
        frames.increment();
        bytes.increment(length);
    }

    void reconnect() {
        reconnects.increment();
    }

    void watch(FeedSupervisor feed) {
        Gauge.builder("edge.feed.fresh", feed, f -> f.status().fresh() ? 1 : 0)
                .description("1 while data flows or the source has ended")
                .tag(SOURCE, source)
                .register(registry);
    }
}
