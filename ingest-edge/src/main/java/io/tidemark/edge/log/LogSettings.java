package io.tidemark.edge.log;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How often the log is written, synced and rotated. */
@ConfigMapping(prefix = "edge.log")
public interface LogSettings {
    /** Events after which a block is written. */
    @WithDefault("100")
    int batchSize();

    /** The longest an event waits in memory before it is written; bounds what a kill of the process loses. */
    @WithDefault("250ms")
    Duration writeInterval();

    /** The longest a written block waits for its fsync; bounds what a power cut loses. */
    @WithDefault("5s")
    Duration flushInterval();

    /** Bytes on disk, in MiB, after which a log is sealed and the next one begun. */
    @WithDefault("100")
    int segmentMaxMb();

    /** zstd level of the blocks, 1 to 3. */
    @WithDefault("1")
    int compressionLevel();

    /** One sentence per mistake. */
    default java.util.List<String> mistakes() {
        java.util.List<String> found = new java.util.ArrayList<>();
        if (batchSize() < 1 || batchSize() > 100_000) {
            found.add("edge.log.batch-size must be 1 to 100000, not " + batchSize());
        }
        if (writeInterval().isNegative() || writeInterval().compareTo(Duration.ofMinutes(1)) > 0) {
            found.add("edge.log.write-interval must be 0s to 1m, not " + writeInterval());
        }
        if (flushInterval().isNegative() || flushInterval().compareTo(Duration.ofMinutes(10)) > 0) {
            found.add("edge.log.flush-interval must be 0s to 10m, not " + flushInterval());
        }
        if (segmentMaxMb() < 1 || segmentMaxMb() > 4096) {
            found.add("edge.log.segment-max-mb must be 1 to 4096, not " + segmentMaxMb());
        }
        if (compressionLevel() < 1 || compressionLevel() > 3) {
            found.add("edge.log.compression-level must be 1 to 3, not " + compressionLevel());
        }
        return found;
    }
}
