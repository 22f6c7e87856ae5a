package io.tidemark.edge.pipeline;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** The edge as a whole. */
@ConfigMapping(prefix = "edge")
public interface EdgeSettings {
    /** Names this edge in every event; no two edges of a tenant may have the same. Has no default. */
    String name();

    /** Whose lake the events belong to. */
    @WithDefault("default")
    String tenant();

    /** Where the record is kept. */
    @WithDefault("data")
    Path dataDir();

    /** False: recover, forward and convert what is there, and connect to no source. */
    @WithDefault("true")
    boolean connect();

    /** Instruments of all sources together; more are refused at the start, so that the memory budget holds. */
    @WithDefault("1000")
    int maxInstruments();
}
