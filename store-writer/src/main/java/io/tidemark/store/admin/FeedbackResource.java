package io.tidemark.store.admin;

import io.smallrye.common.annotation.Blocking;
import io.tidemark.store.feedback.FeedbackTrace;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /admin/feedback}: what the edges were told, as a series. */
@Singleton
@Blocking
@Path("/admin/feedback")
@Tag(name = "feedback", description = "What was measured and what the edges were told")
public final class FeedbackResource {
    private final FeedbackTrace trace;

    @Inject
    FeedbackResource(FeedbackTrace trace) {
        this.trace = trace;
    }

    @GET
    @Operation(summary = "The last decisions, one a second and family, as JSON")
    public List<FeedbackTrace.Point> points() {
        return trace.points();
    }

    @GET
    @Path("/csv")
    @Produces("text/csv")
    @Operation(summary = "The same as CSV, ready to plot")
    public String csv() {
        StringBuilder lines = new StringBuilder(FeedbackTrace.CSV_HEADER).append('\n');
        trace.points().forEach(point -> lines.append(point.csv()).append('\n'));
        return lines.toString();
    }
}
