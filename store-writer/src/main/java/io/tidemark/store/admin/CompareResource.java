package io.tidemark.store.admin;

import io.smallrye.common.annotation.Blocking;
import io.tidemark.store.database.JdbcAccess;
import io.tidemark.store.migrate.BackFill;
import io.tidemark.store.migrate.FeedbackState;
import io.tidemark.store.migrate.Pace;
import io.tidemark.store.mode.BarTable;
import io.tidemark.store.mode.Divergences;
import io.tidemark.store.verify.ParityCheck;
import io.tidemark.store.verify.Repair;
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
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /admin/parity}, {@code /admin/repair}, {@code /admin/back-fill}: jobs, looked after at {@code /admin/jobs}. */
@Singleton
@Blocking
@Path("/admin")
@Tag(name = "tables", description = "Comparing the two bar tables and making them equal")
public final class CompareResource {
    private static final int NAMED = 1_000;
    private static final int LISTED = 1_000;

    private final JdbcAccess access;
    private final Jobs jobs;

    @Inject
    CompareResource(JdbcAccess access, Jobs jobs) {
        this.access = access;
        this.jobs = jobs;
    }

    private static Instant from(@Nullable String time) {
        return time == null ? ParityCheck.BEGINNING : new DatabaseOption.Time().convert(time);
    }

    private static Instant to(@Nullable String time) {
        return time == null ? ParityCheck.END : new DatabaseOption.Time().convert(time);
    }

    @POST
    @Path("/parity")
    @Operation(summary = "Compares both bar tables over a range of time (all of it by default), naming each difference")
    public Response parity(@QueryParam("from") @Nullable String from, @QueryParam("to") @Nullable String to) {
        Instant lower = from(from);
        Instant upper = to(to);
        return Answers.started(
                jobs.start("parity", progress -> new ParityCheck(access, NAMED).compare(lower, upper, progress)));
    }

    @POST
    @Path("/repair")
    @Operation(summary = "Makes both tables equal: where divergences are recorded, or over a range of time")
    public Response repair(
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("rate") @DefaultValue("0") long rate) {
        Repair repair = new Repair(access, new ParityCheck(access, NAMED));
        Pace pace = FeedbackState.pace(access, rate);
        if (from == null && to == null) {
            return Answers.started(jobs.start("repair", progress -> repair.divergences(pace, progress)));
        }
        Instant lower = from(from);
        Instant upper = to(to);
        return Answers.started(jobs.start("repair", progress -> repair.range(lower, upper, pace, progress)));
    }

    @POST
    @Path("/back-fill/{direction}")
    @Operation(
            summary = "Fills one table from the other: legacy-to-provider or provider-to-legacy; goes on where it was")
    public Response backFill(
            @PathParam("direction") String direction,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("rate") @DefaultValue("0") long rate) {
        BarTable source = BackFillCommand.source(direction);
        Instant lower = from(from);
        Instant upper = to(to);
        return Answers.started(jobs.start(
                "back-fill",
                progress ->
                        new BackFill(access).run(source, lower, upper, FeedbackState.pace(access, rate), progress)));
    }

    @GET
    @Path("/divergences")
    @Operation(summary = "Where a shadow table lacks rows; open ones first")
    public List<Divergences.Range> divergences() throws SQLException {
        try (Connection connection = access.open(Duration.ofSeconds(30))) {
            return Divergences.list(connection, false, LISTED);
        }
    }

    @GET
    @Path("/jobs")
    @Operation(summary = "The last twenty jobs, newest last")
    public List<?> jobs() {
        return jobs.list();
    }

    @GET
    @Path("/jobs/{id}")
    @Operation(summary = "One job, with its result when it is done")
    public Response job(@PathParam("id") long id) {
        Jobs.Shown job = jobs.find(id);
        return job == null
                ? Answers.error(404, "no job " + id)
                : Response.ok(job).build();
    }

    @DELETE
    @Path("/jobs/{id}")
    @Operation(summary = "Stops a job; what it has done so far stays")
    public Response cancel(@PathParam("id") long id) {
        return jobs.cancel(id)
                ? Response.accepted(jobs.find(id)).build()
                : Answers.error(404, "no job " + id + " is running");
    }
}
