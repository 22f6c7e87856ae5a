package io.tidemark.edge.pipeline;

import io.tidemark.edge.feed.FeedState;
import io.tidemark.edge.feed.FeedStatus;
import io.tidemark.edge.poll.PollStatus;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * Live: the program answers, and its logs are written. Started: the logs are recovered and the sources were begun. Ready: data flows from
 * every source, or it has ended.
 */
@Singleton
final class HealthChecks {
    @Produces
    @Singleton
    @Liveness
    HealthCheck live(IngestPipeline pipeline) {
        return () ->
                HealthCheckResponse.named("edge").status(pipeline.isAlive()).build();
    }

    @Produces
    @Singleton
    @Startup
    HealthCheck started(IngestPipeline pipeline) {
        return () -> HealthCheckResponse.named("pipeline")
                .status(pipeline.isStarted())
                .build();
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck ready(IngestPipeline pipeline) {
        return () -> {
            HealthCheckResponseBuilder answer = HealthCheckResponse.named("sources");
            boolean ready = pipeline.isStarted();
            for (FeedStatus feed : pipeline.feeds()) {
                ready &= feed.fresh();
                String shown = feed.state().name();
                if (feed.state() == FeedState.CONNECTED && !feed.fresh()) {
                    shown += ", no data";
                }
                answer.withData(feed.name(), feed.problem() == null ? shown : shown + ": " + feed.problem());
            }
            for (PollStatus poll : pipeline.polls()) {
                ready &= poll.fresh();
                String shown = poll.state().name();
                answer.withData(poll.name(), poll.problem() == null ? shown : shown + ": " + poll.problem());
            }
            return answer.status(ready).build();
        };
    }
}
