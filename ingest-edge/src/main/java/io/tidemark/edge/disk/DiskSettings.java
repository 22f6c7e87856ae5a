package io.tidemark.edge.disk;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is done as the disk fills up. */
@ConfigMapping(prefix = "edge.disk")
public interface DiskSettings {
    /** Per cent used from which segments that have a receipt are deleted, the oldest first. */
    @WithDefault("80")
    double deleteAt();

    /** Per cent used from which raw frames and book depth are not recorded. */
    @WithDefault("90")
    double thinAt();

    /** Per cent used from which nothing is recorded. */
    @WithDefault("95")
    double stopAt();

    /** A step is taken back when this many per cent below it are used. */
    @WithDefault("2")
    double hysteresis();

    /** How often the disk is looked at. */
    @WithDefault("5s")
    Duration checkInterval();

    /** One sentence per mistake. */
    default List<String> mistakes() {
        List<String> found = new ArrayList<>();
        boolean rising = deleteAt() > 0 && deleteAt() < thinAt() && thinAt() < stopAt() && stopAt() < 100;
        if (!rising) {
            found.add(
                    "edge.disk.delete-at, edge.disk.thin-at and edge.disk.stop-at must rise and stay between 0 and 100,"
                            + " not " + deleteAt() + ", " + thinAt() + ", " + stopAt());
        }
        if (!(hysteresis() >= 0) || hysteresis() >= deleteAt()) {
            found.add("edge.disk.hysteresis must be 0 or more and below edge.disk.delete-at, not " + hysteresis());
        }
        if (checkInterval().toMillis() < 100 || checkInterval().toMinutes() > 10) {
            found.add("edge.disk.check-interval must be 100ms to 10m, not " + checkInterval());
        }
        return found;
    }
}
