package io.tidemark.lake.run;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.tidemark.lake.run.LakeSettings.Between;
import io.tidemark.lake.source.DatabaseAddress;
import java.util.Optional;

/** How candles are read for slices and corpora. */
@ConfigMapping(prefix = "lake.candles")
public interface CandleSettings {
    /**
     * The store's database, {@code postgresql://user:password@host:port/database}; needed where a configuration
     * says {@code "candles": "postgres"}. The environment's {@code DATABASE_URL} unless set.
     */
    Optional<String> databaseUrl();

    /** Overrides the URL's user. */
    Optional<String> databaseUser();

    /** Overrides the URL's password. */
    Optional<String> databasePassword();

    /** Rows that the database hands over at a time. */
    @WithDefault("10000")
    @WithConverter(FetchSize.class)
    int fetchSize();

    /** Buckets exported at a time. */
    @WithDefault("2")
    @WithConverter(LakeSettings.Workers.class)
    int workers();

    /** Alerts that one file may have; they are held in memory. */
    @WithDefault("1000000")
    @WithConverter(MaxAlerts.class)
    int maxAlerts();

    /** Throws {@link IllegalArgumentException} naming the setting; never with the password. */
    default DatabaseAddress database() {
        String url = databaseUrl()
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new IllegalArgumentException(
                        "lake.candles.database-url: is not set, and the configuration reads candles from postgres"));
        try {
            return DatabaseAddress.parse(
                    url, databaseUser().orElse(""), databasePassword().orElse(""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("lake.candles.database-url: " + e.getMessage(), e);
        }
    }

    /** Rows. */
    final class FetchSize extends Between {
        private static final long serialVersionUID = 1L;

        public FetchSize() {
            super(1, 1_000_000);
        }
    }

    /** Alerts. */
    final class MaxAlerts extends Between {
        private static final long serialVersionUID = 1L;

        public MaxAlerts() {
            super(1, 100_000_000);
        }
    }
}
