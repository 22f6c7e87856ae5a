package io.tidemark.edge.pipeline;

import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Singleton;
import java.io.IOException;

/** What the program does while it serves: the pipeline from start to SIGTERM or SIGINT. */
@Singleton
@Unremovable
public final class EdgeService implements QuarkusApplication {
    private final IngestPipeline pipeline;

    EdgeService(IngestPipeline pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    public int run(String... args) throws IOException {
        pipeline.start();
        Quarkus.waitForExit();
        return pipeline.stop() ? 0 : 1;
    }
}
