package io.tidemark.store.database;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/** Where the rows go. */
@ConfigMapping(prefix = "store")
public interface DatabaseSettings {
    /** {@code postgresql://user:password@host:port/database}; also read from DATABASE_URL and MDS_DSN. */
    @WithConverter(UrlConverter.class)
    @WithDefault("postgresql://tidemark@127.0.0.1:5432/tidemark")
    DatabaseUrl databaseUrl();

    /** Connections of the pool; at least one for each worker and two more. */
    @WithDefault("10")
    @WithConverter(AtLeastOne.class)
    int poolSize();

    /** Longest time a transaction may take before its connection is given up and it is repeated. */
    @WithDefault("30s")
    Duration writeTimeout();

    /** Reads a {@link DatabaseUrl} without ever repeating it in a message. */
    final class UrlConverter implements Converter<DatabaseUrl> {
        @Override
        public DatabaseUrl convert(String value) {
            try {
                return DatabaseUrl.parse(value);
            } catch (IllegalArgumentException e) {
                throw new SettingProblem("store.database-url (or DATABASE_URL, MDS_DSN) " + e.getMessage());
            }
        }
    }

    /** A whole number from 1. */
    final class AtLeastOne implements Converter<Integer> {
        @Override
        public Integer convert(String value) {
            int number;
            try {
                number = Integer.parseInt(value.strip());
            } catch (NumberFormatException e) {
                throw new SettingProblem("\"" + value + "\" is no whole number");
            }
            if (number < 1) {
                throw new SettingProblem(number + " is less than 1");
            }
            return number;
        }
    }
}
