package io.tidemark.edge.rate;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How the edge obeys the feedback topic. */
@ConfigMapping(prefix = "edge.rate")
public interface RateSettings {
    /** Whether signals are obeyed at all. */
    @WithDefault("true")
    boolean obey();

    /** How long the way back to full rate takes when a signal's lease has ended. */
    @WithDefault("60s")
    Duration ramp();

    /** The lowest rate, in records per second, that any signal can ask for: a family is never stopped for good. */
    @WithDefault("1")
    double floor();

    /** One sentence per mistake. */
    default List<String> mistakes() {
        List<String> found = new ArrayList<>();
        if (ramp().isNegative() || ramp().compareTo(Duration.ofHours(1)) > 0) {
            found.add("edge.rate.ramp must be 0s to 1h, not " + ramp());
        }
        if (!(floor() > 0) || floor() > 1_000_000) {
            found.add("edge.rate.floor must be above 0, not " + floor());
        }
        return found;
    }
}
