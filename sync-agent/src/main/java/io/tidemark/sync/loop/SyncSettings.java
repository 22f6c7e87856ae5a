package io.tidemark.sync.loop;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.tidemark.sync.retention.DeleteAfter;
import io.tidemark.sync.transfer.Bandwidth;
import java.time.Duration;

/** The sync-agent's settings. */
@ConfigMapping(prefix = "sync")
public interface SyncSettings {
    /** The edge's ready folder. */
    String source();

    /** The lake's root folder; the files go to {@code <target>/<tenant>/raw/edge=<edge>/}. */
    String target();

    /** Whose lake it is. */
    @WithDefault("default")
    String tenant();

    /** The edge's name, as in its own settings. */
    String edge();

    /** How long the service rests between two passes. */
    @WithDefault("300s")
    Duration interval();

    /** Which files, by their path below the source. */
    @WithDefault("**/*")
    String pattern();

    /** Whether raw frames, the largest channel, go too. */
    @WithDefault("true")
    boolean includeRaw();

    /** How many files are copied at a time. */
    @WithDefault("2")
    int parallel();

    /** Bytes per second to the target, all files together: {@code unlimited}, {@code 512K}, {@code 10M}. */
    @WithDefault("unlimited")
    Bandwidth bandwidth();

    /** How often a file is tried again within one pass. */
    @WithDefault("3")
    int retries();

    /** The ceiling of the first wait before a retry; it doubles, up to 30 s, with full jitter. */
    @WithDefault("1s")
    Duration retryDelay();

    /** How long a pass waits for another one on the same folder to end. */
    @WithDefault("60s")
    Duration lockWait();

    /** When synced files are deleted at the edge: {@code keep}, or a grace such as {@code 48h}. */
    @WithDefault("keep")
    DeleteAfter deleteAfter();
}
