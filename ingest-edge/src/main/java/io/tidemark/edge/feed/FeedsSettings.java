package io.tidemark.edge.feed;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.Map;

/** All sources, by name. */
@ConfigMapping(prefix = "edge.feeds")
public interface FeedsSettings {
    @WithParentName
    Map<String, FeedSettings> feeds();
}
