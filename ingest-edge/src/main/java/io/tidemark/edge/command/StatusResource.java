package io.tidemark.edge.command;

import io.smallrye.common.annotation.Blocking;
import io.tidemark.edge.pipeline.IngestPipeline;
import io.tidemark.edge.pipeline.StatusJson;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** {@code GET /status}: where each source stands, and what was decoded, logged, forwarded and converted. */
@Path("/status")
public final class StatusResource {
    private final IngestPipeline pipeline;

    StatusResource(IngestPipeline pipeline) {
        this.pipeline = pipeline;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Blocking
    public byte[] status() {
        return StatusJson.bytes(pipeline.status());
    }
}
