package io.tidemark.store.consume;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.tidemark.contracts.event.Channel;
import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/** Which records are taken, and how. */
@ConfigMapping(prefix = "store")
public interface ConsumeSettings {
    /**
     * Tenant of records that name none; also MDS_TENANT_ID. For database sessions that name none, the one that
     * was set when the database was first migrated.
     */
    @WithDefault("default")
    @WithConverter(TenantConverter.class)
    String tenant();

    /** Timeframe of bars that name none; filters nothing. Also STORE_TIMEFRAME. */
    @WithDefault("1m")
    @WithConverter(TimeframeConverter.class)
    String defaultTimeframe();

    /** Kafka consumer group, key of the stored offsets, and the sender's name in feedback signals. */
    @WithDefault("store-writer")
    String consumerGroup();

    /** How long a partition's claim may wait for the database before the partition is given back. */
    @WithDefault("60s")
    Duration claimTimeout();

    /** Copies of the topics that the writer creates when they are missing. */
    @WithDefault("1")
    short topicReplication();

    /** A name that needs no quoting anywhere. */
    final class TenantConverter implements Converter<String> {
        @Override
        public String convert(String value) {
            String tenant = value.strip();
            if (!tenant.matches("[A-Za-z0-9._-]{1,64}")) {
                throw new IllegalArgumentException(
                        "\"" + value + "\" is no tenant name (1 to 64 of A-Z a-z 0-9 . _ -)");
            }
            return tenant;
        }
    }

    /** Refuses what is no interval. */
    final class TimeframeConverter implements Converter<String> {
        @Override
        public String convert(String value) {
            String timeframe = value.strip();
            if (!Channel.INTERVAL.matcher(timeframe).matches()) {
                throw new IllegalArgumentException("\"" + value + "\" is no timeframe (such as 1s, 1m, 4h)");
            }
            return timeframe;
        }
    }
}
