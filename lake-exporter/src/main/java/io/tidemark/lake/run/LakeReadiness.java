package io.tidemark.lake.run;

import io.tidemark.lake.manifest.SealedLake;
import io.tidemark.lake.manifest.SealedState;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the lake's folder can be read and its sealed state is sound. A lake without data is ready. */
@Readiness
@ApplicationScoped
class LakeReadiness implements HealthCheck {
    private final LakeSettings settings;
    private final SealedLake lake;

    LakeReadiness(LakeSettings settings, SealedLake lake) {
        this.settings = settings;
        this.lake = lake;
    }

    @Override
    public HealthCheckResponse call() {
        Path root = settings.root();
        if (Files.exists(root) && !(Files.isDirectory(root) && Files.isReadable(root))) {
            return down(root + " is no folder that can be read");
        }
        try {
            SealedState state = lake.current();
            return HealthCheckResponse.named("lake")
                    .up()
                    .withData("generation", state.generation())
                    .withData("files", state.byPath().size())
                    .build();
        } catch (IOException e) {
            return down(String.valueOf(e.getMessage()));
        }
    }

    private static HealthCheckResponse down(String reason) {
        return HealthCheckResponse.named("lake")
                .down()
                .withData("reason", reason)
                .build();
    }
}
