package io.tidemark.store.deadletter;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.database.Tx;
import io.tidemark.store.write.Batch;
import io.tidemark.store.write.Drop;
import io.vertx.sqlclient.Tuple;
import java.util.Arrays;
import org.jboss.logging.Logger;

/** The record of what a drop policy threw away: ranges and identities, in the offset transaction. */
public final class Drops {
    private static final Logger LOG = Logger.getLogger(Drops.class);
    private static final String INSERT = "INSERT INTO store_drops"
            + " (topic, partition_no, first_offset, last_offset, records, reason, identities)"
            + " VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb)";

    private Drops() {}

    public static void add(Tx tx, Batch batch) {
        for (Drop drop : batch.drops()) {
            tx.run(INSERT, Tuple.wrap(new Object[] {
                batch.partition().topic(),
                batch.partition().number(),
                drop.first(),
                drop.next() - 1,
                drop.records(),
                drop.reason(),
                drop.identities().json()
            }));
        }
    }

    /** Counts what a committed transaction recorded. */
    public static void committed(Batch batch, MeterRegistry metrics) {
        String family = Arrays.stream(Topics.values())
                .filter(topic -> topic.topic().equals(batch.partition().topic()))
                .findFirst()
                .map(Topics::family)
                .orElse("other");
        for (Drop drop : batch.drops()) {
            metrics.counter("store_dropped_records_total", "family", family, "reason", drop.reason())
                    .increment(drop.records());
            LOG.warnf(
                    "%s: %d records of offsets %d..%d were dropped (%s)",
                    batch.partition(), drop.records(), drop.first(), drop.next() - 1, drop.reason());
        }
    }
}
