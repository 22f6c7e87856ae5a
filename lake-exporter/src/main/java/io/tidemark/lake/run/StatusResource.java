package io.tidemark.lake.run;

import io.tidemark.contracts.json.CanonicalJson;
import io.tidemark.lake.manifest.SealedLake;
import io.tidemark.lake.manifest.SealedState;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.Map;

/** The sealed lake in a few numbers. */
@Path("/status")
public final class StatusResource {
    private final LakeSettings settings;
    private final SealedLake lake;
    private final SealTimer timer;

    StatusResource(LakeSettings settings, SealedLake lake, SealTimer timer) {
        this.settings = settings;
        this.lake = lake;
        this.timer = timer;
    }

    /** Reads the newest generation first. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public byte[] status() throws IOException {
        SealedState state = lake.current();
        return CanonicalJson.bytes(Map.of(
                "tenant", settings.tenant(),
                "generation", state.generation(),
                "files", state.byPath().size(),
                "rows", state.rows(),
                "last_seal", timer.lastResult()));
    }
}
