package io.tidemark.store.migrate;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.tidemark.store.database.SettingProblem;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.Converter;

/** How long rows are kept; a family without a period is kept for ever. */
@ConfigMapping(prefix = "store.retention")
public interface RetentionSettings {
    /** Bars, in both tables; whole partitions (months) go when all of one is older. */
    @WithConverter(Period.class)
    Optional<Duration> bars();

    /** Option snapshots. */
    @WithConverter(Period.class)
    Optional<Duration> options();

    /** Fundamentals. */
    @WithConverter(Period.class)
    Optional<Duration> fundamentals();

    /** News. */
    @WithConverter(Period.class)
    Optional<Duration> news();

    /** Dead letters that were published; such as wait to be published or sent again are kept. */
    @WithDefault("90d")
    @WithConverter(Period.class)
    Duration deadLetters();

    /** Divergences that were repaired; open ones are kept. */
    @WithDefault("90d")
    @WithConverter(Period.class)
    Duration divergences();

    /** At least a day, so that a slip of the hand does not empty the tables. */
    final class Period implements Converter<Duration> {
        @Override
        public Duration convert(String value) {
            Duration period = new DurationConverter().convert(value);
            if (period == null || period.compareTo(Duration.ofDays(1)) < 0) {
                throw new SettingProblem("\"" + value + "\" is less than a day (1d)");
            }
            return period;
        }
    }
}
