package io.tidemark.edge.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.edge.rate.RateCoordinator;
import io.tidemark.edge.rate.RateSettings;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;

/** Objects that the framework cannot make by itself. */
final class Wiring {
    private Wiring() {}

    @Produces
    @Singleton
    static RateCoordinator rateCoordinator(EdgeSettings edge, RateSettings settings, MeterRegistry registry) {
        return new RateCoordinator(
                edge.name(),
                settings,
                InstantSource.system(),
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextDouble(),
                registry);
    }
}
