package io.tidemark.store.write;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.tidemark.store.database.DatabaseSettings.AtLeastOne;
import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/** The way between Kafka and the sinks. */
@ConfigMapping(prefix = "store")
public interface WriteSettings {
    /** Threads that write, each with one transaction at a time; also STORE_WORKERS. */
    @WithDefault("2")
    @WithConverter(AtLeastOne.class)
    int workers();

    /** Batches that may wait for a worker; also STORE_QUEUE_MAX. A full queue pauses Kafka. */
    @WithDefault("100")
    @WithConverter(AtLeastOne.class)
    int queueMax();

    /** Most records that Kafka hands over at once: a batch of the queue. */
    @WithDefault("1000")
    @WithConverter(AtLeastOne.class)
    int maxBatchSize();

    /** A partition's records are written in one transaction when there are as many of them, */
    @WithDefault("5000")
    @WithConverter(AtLeastOne.class)
    int flushRows();

    /** or as many bytes, */
    @WithDefault("4M")
    MemorySize flushBytes();

    /** or when the oldest has waited as long. */
    @WithDefault("100ms")
    Duration flushInterval();

    /** What a full queue does; only {@code block} exists in this version. */
    @WithDefault("block")
    @WithConverter(PolicyConverter.class)
    String overflowPolicy();

    /** How long SIGTERM waits for what is queued; the rest is read again by the next start. */
    @WithDefault("20s")
    Duration drainTimeout();

    /** Refuses what does not exist yet instead of pretending. */
    final class PolicyConverter implements Converter<String> {
        @Override
        public String convert(String value) {
            String policy = value.strip();
            if (policy.equals("block")) {
                return policy;
            }
            throw new IllegalArgumentException(
                    policy.equals("drop_oldest") || policy.equals("drop_newest")
                            ? "\"" + policy + "\" is not available in this version, only block is"
                            : "\"" + policy + "\" is not block");
        }
    }
}
