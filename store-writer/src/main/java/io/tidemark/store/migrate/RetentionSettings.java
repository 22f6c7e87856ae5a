package io.tidemark.store.migrate;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How long rows are kept; a family without a period is kept for ever. */
@ConfigMapping(prefix = "store.retention")
public interface RetentionSettings {
    /** Bars, in both tables; whole partitions (months) go when all of one is older. */
    Optional<Duration> bars();

    /** Option snapshots. */
    Optional<Duration> options();

    /** Fundamentals. */
    Optional<Duration> fundamentals();

    /** News. */
    Optional<Duration> news();

    /** Dead letters that were published; such as wait to be published or sent again are kept. */
    @WithDefault("90d")
    Duration deadLetters();

    /** Divergences that were repaired; open ones are kept. */
    @WithDefault("90d")
    Duration divergences();
}
