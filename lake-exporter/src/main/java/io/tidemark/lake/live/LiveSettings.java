package io.tidemark.lake.live;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The provisional tail from Kafka. */
@ConfigMapping(prefix = "lake.live")
public interface LiveSettings {
    /** Whether the service keeps the tail; it starts and stays healthy without a broker. */
    @WithDefault("true")
    boolean enabled();

    /** Longest time an event waits in memory before it is in a file. */
    @WithDefault("10s")
    Duration flushInterval();

    /** Memory for events that wait; what is more is written at once. A quarter of the heap where that is less. */
    @WithDefault("500M")
    MemorySize memoryLimit();

    /** How long events stay that nobody seals; raw/ has them anyway. */
    @WithDefault("2d")
    Duration keep();

    /** How long a file stays that was replaced, for queries that still read it. */
    @WithDefault("10m")
    Duration grace();

    /** The sender's name in feedback signals. */
    @WithDefault("lake-exporter")
    String consumer();

    /** How often the edges are told how fast to send, while they are held back. */
    @WithDefault("1s")
    Duration feedbackInterval();

    /** How long an edge obeys a signal after which none came. */
    @WithDefault("30s")
    Duration feedbackLease();
}
