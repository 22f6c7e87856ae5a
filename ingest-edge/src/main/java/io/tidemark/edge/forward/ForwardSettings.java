package io.tidemark.edge.forward;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How the log goes to Kafka. */
@ConfigMapping(prefix = "edge.forward")
public interface ForwardSettings {
    /** Without it the log is kept and converted, and nothing goes to Kafka. */
    @WithDefault("true")
    boolean enabled();

    /** The brokers to begin with, host:port, separated by commas. */
    @WithDefault("127.0.0.1:9092")
    String bootstrapServers();

    /** lz4, zstd, snappy, gzip or none. */
    @WithDefault("lz4")
    String compression();

    /** What the producer may hold in memory; a single event larger than half of it cannot be sent. */
    @WithDefault("6M")
    MemorySize bufferMemory();

    /** How long a record waits for others of its partition. */
    @WithDefault("20ms")
    Duration linger();

    /** How often the cursors are written and synced. */
    @WithDefault("5s")
    Duration cursorInterval();

    /** Partitions of a market topic that this edge creates because it is missing. */
    @WithDefault("4")
    int partitions();

    /** Replicas of a topic that this edge creates. */
    @WithDefault("1")
    short replicas();

    /** How long a stop waits for Kafka to take what is in the log. */
    @WithDefault("30s")
    Duration drainLimit();

    /** One sentence per mistake. */
    default List<String> mistakes() {
        List<String> found = new ArrayList<>();
        if (bootstrapServers().isBlank()) {
            found.add("edge.forward.bootstrap-servers must name a broker (or set edge.forward.enabled: false)");
        }
        if (!List.of("lz4", "zstd", "snappy", "gzip", "none").contains(compression())) {
            found.add("edge.forward.compression must be lz4, zstd, snappy, gzip or none, not " + compression());
        }
        long buffer = bufferMemory().asLongValue();
        if (buffer < 1 << 20 || buffer > 1 << 30) {
            found.add("edge.forward.buffer-memory must be 1M to 1G, not " + buffer + " bytes");
        }
        if (linger().isNegative() || linger().toMillis() > 10_000) {
            found.add("edge.forward.linger must be 0s to 10s, not " + linger());
        }
        if (cursorInterval().toMillis() < 10 || cursorInterval().toMinutes() > 10) {
            found.add("edge.forward.cursor-interval must be 10ms to 10m, not " + cursorInterval());
        }
        if (partitions() < 1 || partitions() > 1000) {
            found.add("edge.forward.partitions must be 1 to 1000, not " + partitions());
        }
        if (replicas() < 1) {
            found.add("edge.forward.replicas must be 1 or more, not " + replicas());
        }
        if (drainLimit().isNegative() || drainLimit().toMinutes() > 60) {
            found.add("edge.forward.drain-limit must be 0s to 60m, not " + drainLimit());
        }
        return found;
    }
}
