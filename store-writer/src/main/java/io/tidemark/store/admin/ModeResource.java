package io.tidemark.store.admin;

import io.smallrye.common.annotation.Blocking;
import io.tidemark.store.database.JdbcAccess;
import io.tidemark.store.mode.ModeChange;
import io.tidemark.store.mode.ModeRow;
import io.tidemark.store.mode.ModeState;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /admin/modes} and {@code /admin/mode}. */
@Singleton
@Blocking
@Path("/admin")
@Tag(name = "modes", description = "Which of the two bar tables is written, and which is the truth")
public final class ModeResource {
    private static final int HISTORY = 100;

    private final JdbcAccess access;
    private final ModeRow modes;

    @Inject
    ModeResource(JdbcAccess access, ModeRow modes) {
        this.access = access;
        this.modes = modes;
    }

    /** The wish for another mode. */
    public record Wish(
            @Nullable String mode, boolean force, @Nullable String reason) {}

    @GET
    @Path("/modes")
    @Operation(summary = "All modes with the steps between them; one is current")
    public List<?> modes() throws SQLException, ModeChange.Refused {
        return StoreControl.registry(new ModeChange(access).read());
    }

    @GET
    @Path("/mode")
    @Operation(summary = "The mode, its epoch, and its history, newest first")
    public Map<String, Object> mode() throws SQLException, ModeChange.Refused {
        ModeChange change = new ModeChange(access);
        Map<String, Object> answer = shown(change.read());
        answer.put("history", change.history(HISTORY));
        return answer;
    }

    private static Map<String, Object> shown(ModeState state) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("mode", state.mode().name());
        answer.put("epoch", state.epoch());
        answer.put("description", state.mode().description());
        return answer;
    }

    @PUT
    @Path("/mode")
    @Operation(
            summary = "One step to another mode",
            description = "Compares the tables first where the step needs proof, unless it is forced; 409 says why not."
                    + " For tables that take long to compare, run POST /admin/parity before to see how long.")
    public Map<String, Object> change(Wish wish) throws SQLException, ModeChange.Refused {
        if (wish.mode == null) {
            throw new IllegalArgumentException("the body names no \"mode\"");
        }
        ModeChange.Order order = new ModeChange.Order(
                StoreControl.mode(wish.mode), wish.force, false, "admin", wish.reason == null ? "" : wish.reason);
        ModeState now = new StoreControl(access).change(order, words -> {});
        modes.load();
        return shown(now);
    }
}
