package io.tidemark.lake.live;

import io.tidemark.contracts.json.CanonicalJson;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/** The provisional tail in a few numbers. */
@Path("/live")
public final class LiveResource {
    private final LiveService service;
    private final LiveFeedback feedback;

    LiveResource(LiveService service, LiveFeedback feedback) {
        this.service = service;
        this.feedback = feedback;
    }

    /** What is in files; not what waits in memory. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public byte[] live() {
        LiveState state = service.state();
        LiveTail.Counts counts = service.counts();
        return CanonicalJson.bytes(Map.of(
                "enabled", service.enabled(),
                "problem", service.problem(),
                "files", state.files().size(),
                "rows", state.rows(),
                "generation", state.generation(),
                "taken", counts.taken(),
                "repeats", counts.repeats(),
                "rejected", counts.rejected(),
                "lag", feedback.lag()));
    }
}
