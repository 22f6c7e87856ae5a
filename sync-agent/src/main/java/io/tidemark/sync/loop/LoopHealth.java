package io.tidemark.sync.loop;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * Live and ready while the loop's thread runs.
 *
 * <p>A target that is away, or a source that is not there yet, makes the program neither dead nor unready: a
 * restart would not help. It is shown as data, and by the metrics.
 */
@Liveness
@Readiness
@ApplicationScoped
class LoopHealth implements HealthCheck {
    private final SyncLoop loop;

    LoopHealth(SyncLoop loop) {
        this.loop = loop;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder answer =
                HealthCheckResponse.named("sync-loop").status(loop.isAlive());
        String problem = loop.problem();
        return (problem == null ? answer : answer.withData("problem", problem)).build();
    }
}
