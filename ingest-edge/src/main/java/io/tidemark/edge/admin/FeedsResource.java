package io.tidemark.edge.admin;

import io.smallrye.common.annotation.Blocking;
import io.tidemark.edge.feed.FeedSettings;
import io.tidemark.edge.feed.FeedsSettings;
import io.tidemark.edge.pipeline.IngestPipeline;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions, changed while the edge runs and without a reconnect: {@code PUT /admin/feeds/<source>} with the symbols
 * and streams wanted, and {@code POST /admin/reload} for what the settings file says now.
 *
 * <p>A change by PUT lasts until the next reload or start; the settings file is what counts.
 */
@Path("/admin")
@Produces(MediaType.APPLICATION_JSON)
public final class FeedsResource {
    /** The settings as they are read now. */
    public interface Source {
        /** Each mistake with the setting's name; {@code overrides} stand above the files. */
        List<String> mistakes(Map<String, String> overrides);

        FeedsSettings feeds(Map<String, String> overrides);
    }

    /** What is wanted; absent means: as the settings have it. */
    public record Wanted(
            @Nullable List<String> symbols, @Nullable List<String> streams) {}

    private final IngestPipeline pipeline;
    private final Source settings;

    FeedsResource(IngestPipeline pipeline, Source settings) {
        this.pipeline = pipeline;
        this.settings = settings;
    }

    @PUT
    @Path("/feeds/{source}")
    @Blocking
    public Response change(@PathParam("source") String source, Wanted wanted) {
        if (!source.matches("[a-z0-9][a-z0-9-]{0,31}")) {
            return refused(404, List.of("there is no source of that name"));
        }
        Map<String, String> overrides = new HashMap<>();
        put(overrides, "edge.feeds." + source + ".symbols", wanted.symbols());
        put(overrides, "edge.feeds." + source + ".streams", wanted.streams());
        return apply(overrides, source);
    }

    private static void put(Map<String, String> overrides, String name, @Nullable List<String> values) {
        if (values != null) {
            overrides.put(
                    name,
                    String.join(
                            ",",
                            values.stream()
                                    .map(v -> v.replace("\\", "").replace(",", "\\,"))
                                    .toList()));
        }
    }

    @POST
    @Path("/reload")
    @Blocking
    public Response reload() {
        return apply(Map.of(), null);
    }

    private Response apply(Map<String, String> overrides, @Nullable String only) {
        List<String> mistakes = settings.mistakes(overrides);
        if (!mistakes.isEmpty()) {
            return refused(400, mistakes);
        }
        Map<String, FeedSettings> feeds = settings.feeds(overrides).feeds();
        Map<String, Object> changed = new TreeMap<>();
        for (var status : pipeline.feeds()) {
            FeedSettings wanted = feeds.get(status.name());
            if (wanted != null && (only == null || only.equals(status.name()))) {
                Optional<String> detail = pipeline.change(status.name(), wanted);
                changed.put(status.name(), detail.orElse("as before"));
            }
        }
        if (only != null && changed.isEmpty()) {
            return refused(404, List.of("there is no source \"" + only + "\" running"));
        }
        return Response.ok(Map.of("feeds", changed)).build();
    }

    private static Response refused(int status, List<String> mistakes) {
        return Response.status(status).entity(Map.of("errors", mistakes)).build();
    }
}
