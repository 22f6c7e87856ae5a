package io.tidemark.store.feedback;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What the edges are told about the writer's speed. */
@ConfigMapping(prefix = "store.feedback")
public interface FeedbackSettings {
    /** How often a signal is sent, besides at each change of state. */
    @WithDefault("1s")
    Duration interval();

    /** How long an edge obeys a signal after which none came. */
    @WithDefault("30s")
    Duration lease();
}
