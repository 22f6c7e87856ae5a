package io.tidemark.store.admin;

import io.tidemark.store.mode.ModeChange;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.Map;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** What an admin endpoint answers when it cannot do what it was asked: {@code {"error": …}}. */
final class Answers {
    private static final int CONFLICT = 409;

    @ServerExceptionMapper
    Response refused(ModeChange.Refused refused) {
        return error(CONFLICT, String.valueOf(refused.getMessage()));
    }

    @ServerExceptionMapper
    Response wrong(IllegalArgumentException wrong) {
        return error(400, String.valueOf(wrong.getMessage()));
    }

    @ServerExceptionMapper
    Response away(SQLException away) {
        return error(503, "the database: " + away.getMessage());
    }

    static Response error(int status, String reason) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(Map.of("error", reason))
                .build();
    }

    static Response busy() {
        return error(CONFLICT, "another job is running; see /admin/jobs");
    }

    /** A job that was started, or why not. */
    static Response started(Jobs.@org.jspecify.annotations.Nullable Shown job) {
        return job == null ? busy() : Response.accepted(job).build();
    }
}
