package io.tidemark.store.consume;

import io.smallrye.common.annotation.Blocking;
import io.tidemark.store.database.DatabaseFailure;
import io.tidemark.store.deadletter.Outbox;
import io.tidemark.store.mode.ModeRow;
import io.tidemark.store.mode.ModeState;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code GET /status}: measured at the moment of asking. */
@Singleton
@Path("/status")
public final class StatusResource {
    private final Progress progress;
    private final ModeRow modes;
    private final BarsTransaction transaction;
    private final Outbox outbox;

    @Inject
    StatusResource(Progress progress, ModeRow modes, BarsTransaction transaction, Outbox outbox) {
        this.progress = progress;
        this.modes = modes;
        this.transaction = transaction;
        this.outbox = outbox;
    }

    /** {@code lag} and {@code dead_letters} are null, and {@code problem} says why, when something is away. */
    @GET
    @Blocking
    @Produces(MediaType.APPLICATION_JSON)
    public Map<String, @Nullable Object> status() {
        Map<String, @Nullable Object> status = new LinkedHashMap<>();
        ModeState mode = modes.current();
        status.put("mode", mode == null ? null : mode.mode().name());
        status.put("epoch", mode == null ? null : mode.epoch());
        status.put("lag", null);
        List<Map<String, Object>> partitions = new ArrayList<>();
        status.put("partitions", partitions);
        status.put("rows_written", transaction.rowsWritten());
        status.put("dead_letters", null);
        try {
            Lag lag = progress.measure();
            for (Lag.Part part : lag.parts()) {
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("topic", part.topic());
                entry.put("partition", part.partition());
                entry.put("next_offset", part.next());
                entry.put("end_offset", part.end());
                partitions.add(entry);
            }
            status.put("dead_letters", outbox.count());
            status.put("lag", lag.total());
        } catch (Broker.BrokerAway | DatabaseFailure e) {
            status.put("problem", e.getMessage());
        }
        return status;
    }
}
