package io.tidemark.edge.feed;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Settings as a test wants them, read as at a real start. */
public final class Settings {
    private Settings() {}

    /** The settings of the feed {@code binance}; properties are named as below {@code edge.feeds.binance}. */
    public static FeedSettings feed(Map<String, String> properties) {
        Map<String, String> all = new HashMap<>();
        properties.forEach((name, value) -> all.put("edge.feeds.binance." + name, value));
        return Objects.requireNonNull(new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .withMapping(FeedsSettings.class)
                .build()
                .getConfigMapping(FeedsSettings.class)
                .feeds()
                .get("binance"));
    }
}
