package io.tidemark.sync.loop;

import io.tidemark.contracts.json.CanonicalJson;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** {@code GET /status}: what is synced, pending and failed. */
@Path("/status")
class StatusResource {
    private final SyncLoop loop;

    StatusResource(SyncLoop loop) {
        this.loop = loop;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public String status() {
        return CanonicalJson.text(loop.status());
    }
}
