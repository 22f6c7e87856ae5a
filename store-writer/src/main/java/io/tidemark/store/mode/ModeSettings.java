package io.tidemark.store.mode;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.Converter;

/** With which sinks a new store begins. */
@ConfigMapping(prefix = "store")
public interface ModeSettings {
    /**
     * {@code legacy}, {@code provider} or {@code dual}; {@code provider} when not set. Decides once, for a new
     * database: after that the database's own mode holds.
     */
    @WithConverter(ModeConverter.class)
    Optional<StoreMode> mode();

    /**
     * Whether the two dual modes change places by themselves when the primary table is at fault (a column or the
     * table is gone, no permission) and the other one is proved complete. A lost connection never causes it.
     */
    @WithDefault("true")
    boolean failover();

    /** Reads the word into the state it begins with. */
    final class ModeConverter implements Converter<StoreMode> {
        @Override
        public StoreMode convert(String value) {
            return StoreMode.first(value.strip());
        }
    }
}
