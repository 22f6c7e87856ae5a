package io.tidemark.store.consume;

import io.tidemark.store.write.WriteCoordinator;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;
import org.jspecify.annotations.Nullable;

/** A database or broker that is away makes the writer not ready; it never makes it dead. */
@Singleton
final class HealthChecks {
    @Produces
    @Liveness
    HealthCheck live(WriteCoordinator coordinator) {
        return () -> HealthCheckResponse.named("workers")
                .status(coordinator.workersAlive())
                .build();
    }

    @Produces
    @Startup
    HealthCheck started(WriteCoordinator coordinator) {
        return () -> HealthCheckResponse.named("started")
                .status(coordinator.workersAlive())
                .build();
    }

    @Produces
    @Readiness
    HealthCheck ready(StoreState state, WriteCoordinator coordinator) {
        return () -> {
            HealthCheckResponseBuilder answer = HealthCheckResponse.named("store");
            with(answer, "database", state.databaseProblem());
            with(answer, "broker", state.brokerProblem());
            boolean ready = state.isSchemaReady()
                    && state.areTopicsReady()
                    && state.databaseProblem() == null
                    && state.brokerProblem() == null
                    && !coordinator.breakerOpen()
                    && !state.isStopping();
            return answer.status(ready).build();
        };
    }

    private static void with(HealthCheckResponseBuilder answer, String name, @Nullable String problem) {
        answer.withData(name, problem == null ? "answers" : problem);
    }
}
