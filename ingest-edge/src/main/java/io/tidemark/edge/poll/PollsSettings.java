package io.tidemark.edge.poll;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.Map;

/** All polled sources, by name. */
@ConfigMapping(prefix = "edge.polls")
public interface PollsSettings {
    @WithParentName
    Map<String, PollSettings> polls();
}
