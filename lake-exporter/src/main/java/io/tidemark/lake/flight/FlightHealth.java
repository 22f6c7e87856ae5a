package io.tidemark.lake.flight;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * Up when the endpoint listens, or is not wanted. A newest generation that cannot be opened is told, and does not
 * take the endpoint down: it goes on with the one before.
 */
@Readiness
@Startup
@Singleton
final class FlightHealth implements HealthCheck {
    private final FlightService service;

    FlightHealth(FlightService service) {
        this.service = service;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("flight-sql");
        if (!service.enabled()) {
            return answer.withData("enabled", false).up().build();
        }
        LakeFlightServer server = service.server();
        if (server == null) {
            return answer.down().build();
        }
        answer.withData("port", server.port()).withData("generation", server.generation());
        String problem = server.problem();
        if (problem != null) {
            answer.withData("problem", problem);
        }
        return answer.up().build();
    }
}
