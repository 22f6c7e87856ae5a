package io.tidemark.store.admin;

import io.smallrye.common.annotation.Blocking;
import io.tidemark.store.migrate.Retention;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /admin/retention}. */
@Singleton
@Blocking
@Path("/admin/retention")
@Tag(name = "retention", description = "What is kept, and for how long")
public final class RetentionResource {
    private final Retention retention;
    private final InstantSource clock;

    @Inject
    RetentionResource(Retention retention, InstantSource clock) {
        this.retention = retention;
        this.clock = clock;
    }

    @GET
    @Operation(summary = "Each family's period (null: for ever) and partitions")
    public List<Map<String, @Nullable Object>> families() throws SQLException {
        return retention.families().stream().map(RetentionResource::shown).toList();
    }

    private static Map<String, @Nullable Object> shown(Retention.Family family) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("family", family.name());
        shown.put("period", family.period().map(Object::toString).orElse(null));
        shown.put("partitions", family.parts());
        return shown;
    }

    @POST
    @Path("/run")
    @Operation(summary = "Drops now what is too old, which happens every hour anyway; names what went")
    public List<Retention.Part> run() throws SQLException {
        return retention.run(clock.instant());
    }
}
