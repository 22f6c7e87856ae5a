package io.tidemark.store.database;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Splits {@code store.database-url} into the settings of the two clients: the reactive pool and Flyway's JDBC.
 *
 * <p>Found by Quarkus through META-INF/services. A URL that cannot be read gives nothing here; the message
 * about it comes from {@link DatabaseSettings}.
 */
public final class DatabaseConfigSource implements ConfigSourceFactory {
    private static final int ORDINAL = 275;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        ConfigValue value = context.getValue("store.database-url");
        if (value == null || value.getValue() == null) {
            return List.of();
        }
        DatabaseUrl url;
        try {
            url = DatabaseUrl.parse(value.getValue());
        } catch (IllegalArgumentException e) {
            return List.of();
        }
        Map<String, String> settings = new HashMap<>();
        settings.put("quarkus.datasource.reactive.url", url.clientUrl());
        settings.put("quarkus.datasource.jdbc.url", url.jdbcUrl());
        if (!url.user().isEmpty()) {
            settings.put("quarkus.datasource.username", url.user());
        }
        if (!url.password().isEmpty()) {
            settings.put("quarkus.datasource.password", url.password());
        }
        return List.of(new PropertiesConfigSource(settings, "store.database-url", ORDINAL));
    }

    @Override
    public OptionalInt getPriority() {
        return OptionalInt.of(ORDINAL);
    }
}
