package io.tidemark.lake.run;

import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Asks for the settings that only commands use: the framework knows a mapping where a bean wants it, and would
 * otherwise refuse these names of {@code application.yaml} when it serves.
 */
@ApplicationScoped
@Unremovable
class CommandOnlySettings {
    CommandOnlySettings(CandleSettings candles) {}
}
