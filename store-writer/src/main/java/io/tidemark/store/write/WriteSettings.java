package io.tidemark.store.write;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.database.DatabaseSettings.AtLeastOne;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
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

    /** What a full queue does to a batch: {@code block}, {@code drop_oldest} or {@code drop_newest}. */
    @WithDefault("block")
    @WithConverter(OverflowPolicy.FromWord.class)
    OverflowPolicy overflowPolicy();

    /** The same for single families ({@code bars}, {@code options}, {@code fundamentals}, {@code news}). */
    Map<@WithConverter(Family.class) String, @WithConverter(OverflowPolicy.FromWord.class) OverflowPolicy> overflow();

    /** How long SIGTERM waits for what is queued; the rest is read again by the next start. */
    @WithDefault("20s")
    Duration drainTimeout();

    /** A family that this service writes. */
    final class Family implements Converter<String> {
        private static final Set<String> FAMILIES = Set.of(
                Topics.BARS.family(), Topics.OPTIONS.family(), Topics.FUNDAMENTALS.family(), Topics.NEWS.family());

        @Override
        public String convert(String value) {
            if (!FAMILIES.contains(value.strip())) {
                throw new IllegalArgumentException("\"" + value + "\" is not bars, options, fundamentals or news");
            }
            return value.strip();
        }
    }
}
