package io.tidemark.store.admin;

import io.smallrye.common.annotation.Blocking;
import io.tidemark.store.database.JdbcAccess;
import io.tidemark.store.deadletter.LetterBox;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /admin/dead-letters}. */
@Singleton
@Blocking
@Path("/admin/dead-letters")
@Tag(name = "dead letters", description = "Records that could not become rows")
public final class DeadLetterResource {
    private static final int MOST = 1_000;

    private final LetterBox box;

    @Inject
    DeadLetterResource(JdbcAccess access) {
        this.box = new LetterBox(access);
    }

    @GET
    @Operation(summary = "In the order they came; page on with after")
    public List<LetterBox.Letter> list(
            @QueryParam("topic") @Nullable String topic,
            @QueryParam("reason") @Nullable String reason,
            @QueryParam("dropped") @DefaultValue("false") boolean dropped,
            @QueryParam("after") @DefaultValue("0") long after,
            @QueryParam("limit") @DefaultValue("100") int limit)
            throws SQLException {
        return box.list(new LetterBox.Filter(topic, reason, dropped, after, Math.max(1, Math.min(MOST, limit))));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One letter with its original bytes")
    public Response show(@PathParam("id") long id) throws SQLException {
        LetterBox.Bytes bytes = box.show(id);
        return bytes == null
                ? Answers.error(404, "no dead letter " + id)
                : Response.ok(DeadLettersCommand.shown(bytes)).build();
    }

    @POST
    @Path("/{id}/replay")
    @Operation(summary = "Sends the original bytes to their topic again")
    public Response replay(@PathParam("id") long id) throws SQLException {
        return changed(id, box.replay(List.of(id)));
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Marks a letter as done with")
    public Response drop(@PathParam("id") long id) throws SQLException {
        return changed(id, box.drop(List.of(id)));
    }

    private static Response changed(long id, int count) {
        return count == 1
                ? Response.accepted(Map.of("changed", count)).build()
                : Answers.error(404, "no dead letter " + id + " that this can be done with");
    }
}
