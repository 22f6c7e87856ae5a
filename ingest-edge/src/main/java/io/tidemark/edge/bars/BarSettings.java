package io.tidemark.edge.bars;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/** Bars built at the edge. */
@ConfigMapping(prefix = "edge.bars")
public interface BarSettings {
    /** A count and a unit: 1s, 1m, 1h. Up to one hour, so that open bars can be rebuilt from the retained logs. */
    @WithDefault("1s,1m")
    List<String> intervals();

    /** A bar closes this long after its end, by exchange time; a later trade sends it again with a higher revision. */
    @WithDefault("2s")
    Duration barLateness();

    /** Closed bars of each instrument and interval that still take late trades. */
    @WithDefault("8")
    int closedBarsKept();
}
