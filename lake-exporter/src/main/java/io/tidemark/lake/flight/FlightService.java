package io.tidemark.lake.flight;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.SQLException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Starts the endpoint with the service and stops it with it; a failed start fails the service's. */
@Singleton
final class FlightService {
    private final FlightSettings settings;
    private final SealedFiles files;
    private final MeterRegistry registry;
    private final String version;
    private volatile @Nullable LakeFlightServer server;

    FlightService(
            FlightSettings settings,
            SealedFiles files,
            MeterRegistry registry,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.settings = settings;
        this.files = files;
        this.registry = registry;
        this.version = version;
    }

    void start(@Observes StartupEvent event) throws IOException, SQLException {
        if (settings.enabled()) {
            server = LakeFlightServer.start(FlightOptions.of(settings), files, registry, version);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        LakeFlightServer running = server;
        server = null;
        if (running != null) {
            running.close();
        }
    }

    boolean enabled() {
        return settings.enabled();
    }

    @Nullable
    LakeFlightServer server() {
        return server;
    }
}
