package io.tidemark.edge.pipeline;

import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;

/**
 * What the program does while it serves: the pipeline from start to SIGTERM or SIGINT.
 *
 * <p>The end is taken from the framework's event, which the process waits for; it does not wait for
 * {@link #run} to return.
 */
@Singleton
@Unremovable
public final class EdgeService implements QuarkusApplication {
    private final IngestPipeline pipeline;
    private final SystemdNotice systemd;

    EdgeService(IngestPipeline pipeline) {
        this.pipeline = pipeline;
        this.systemd = new SystemdNotice(System.getenv(), pipeline::isAlive);
    }

    @Override
    public int run(String... args) throws IOException {
        pipeline.start();
        systemd.ready("records");
        Quarkus.waitForExit();
        return 0;
    }

    void stop(@Observes ShutdownEvent event) {
        systemd.stopping();
        ExitCode.set(pipeline.stop() ? 0 : 1);
        systemd.close();
    }
}
