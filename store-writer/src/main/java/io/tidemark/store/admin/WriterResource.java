package io.tidemark.store.admin;

import io.smallrye.common.annotation.Blocking;
import io.tidemark.store.write.WriteSettings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /admin/writer}, {@code /admin/sinks} and {@code /admin/ab}: this process and what it writes with. */
@Singleton
@Blocking
@Path("/admin")
@Tag(name = "writer", description = "This process: intake, sinks, and how the two bar sinks compare")
public final class WriterResource {
    private final WriterControl writer;
    private final SinkList sinks;
    private final WriteSettings settings;

    @Inject
    WriterResource(WriterControl writer, SinkList sinks, WriteSettings settings) {
        this.writer = writer;
        this.sinks = sinks;
        this.settings = settings;
    }

    @GET
    @Path("/sinks")
    @Operation(summary = "The sinks with their part in the present mode and what they have done")
    public List<?> sinks() {
        return sinks.list();
    }

    @GET
    @Path("/ab")
    @Operation(summary = "The legacy and the provider sink side by side: time per batch, failures, size on disk")
    public Map<String, ?> compare() throws SQLException {
        return sinks.sideBySide();
    }

    @GET
    @Path("/writer")
    @Operation(summary = "Whether this process takes records, and what waits in it")
    public Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("paused", writer.paused());
        state.put("queued_batches", writer.queued());
        state.put("partitions", writer.partitions());
        return state;
    }

    @POST
    @Path("/writer/pause")
    @Operation(summary = "Takes nothing more from Kafka until resume or the next start; what is queued is written")
    public Map<String, Object> pause() {
        writer.pause();
        return state();
    }

    @POST
    @Path("/writer/resume")
    @Operation(summary = "Takes records again")
    public Map<String, Object> resume() {
        writer.resume();
        return state();
    }

    @POST
    @Path("/writer/drain")
    @Operation(summary = "Pauses and waits, as long as store.drain-timeout, until what was taken is written")
    public Map<String, Object> drain() {
        boolean all = writer.drain(settings.drainTimeout());
        Map<String, Object> state = state();
        state.put("drained", all);
        return state;
    }
}
