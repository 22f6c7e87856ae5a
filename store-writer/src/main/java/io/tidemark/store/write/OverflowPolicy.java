package io.tidemark.store.write;

import io.tidemark.contracts.topic.Topics;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.config.spi.Converter;

/** What happens to a batch that finds the queue full. */
public enum OverflowPolicy {
    /** It waits, and Kafka is paused. */
    BLOCK,
    /** The oldest batch of the family that waits is thrown away for it. */
    DROP_OLDEST,
    /** It is thrown away itself. */
    DROP_NEWEST;

    /** What the settings say for a topic. */
    static OverflowPolicy of(WriteSettings settings, String topic) {
        for (Map.Entry<String, OverflowPolicy> entry : settings.overflow().entrySet()) {
            if (Topics.ofFamily(entry.getKey()).topic().equals(topic)) {
                return entry.getValue();
            }
        }
        return settings.overflowPolicy();
    }

    /** As in settings and in the record of what was dropped. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads the setting's word. */
    public static final class FromWord implements Converter<OverflowPolicy> {
        @Override
        public OverflowPolicy convert(String value) {
            for (OverflowPolicy policy : OverflowPolicy.values()) {
                if (policy.word().equals(value.strip())) {
                    return policy;
                }
            }
            throw new IllegalArgumentException("\"" + value + "\" is not block, drop_oldest or drop_newest");
        }
    }
}
