package io.tidemark.store.feedback;

import io.tidemark.store.database.Database;
import io.tidemark.store.database.DatabaseFailure;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Which edges all writers of a group see, exchanged through the database every few seconds; and the last
 * decision, for those that copy beside the writers.
 *
 * <p>Without it the writer that sends would never limit an edge whose records only others write. While the
 * database is away everybody knows what they knew. One thread.
 */
@Singleton
public final class EdgeLedger {
    private static final Logger LOG = Logger.getLogger(EdgeLedger.class);
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final String WRITE = """
            INSERT INTO store_edges (consumer_group, family, writer, edge, weight)
            SELECT $1, $2, $3, u.edge, u.weight FROM UNNEST($4::text[], $5::double precision[]) AS u(edge, weight)
            ON CONFLICT (consumer_group, family, writer, edge)
            DO UPDATE SET weight = EXCLUDED.weight, updated_at = now()
            """;
    private static final String READ = """
            SELECT edge, sum(weight) FROM store_edges WHERE consumer_group = $1 AND family = $2 AND writer <> $3
                AND updated_at > now() - interval '60 seconds' GROUP BY edge
            """;
    private static final String SAY = """
            INSERT INTO store_feedback (consumer_group, family, state, rate) VALUES ($1, $2, $3, $4)
            ON CONFLICT (consumer_group, family)
            DO UPDATE SET state = EXCLUDED.state, rate = EXCLUDED.rate, updated_at = now()
            """;

    private final Database database;
    private final String writer = UUID.randomUUID().toString();
    private final Map<String, Known> families = new HashMap<>();

    private static final class Known {
        private long next;
        private Map<String, Double> others = Map.of();
        private String said = "";
    }

    @Inject
    EdgeLedger(Database database) {
        this.database = database;
    }

    /** The edges of all writers: what this one has seen, and what the others said when it last asked them. */
    Map<String, Double> exchange(String group, String family, Map<String, Double> own, long nanos, boolean ask) {
        Known known = families.computeIfAbsent(family, ignored -> new Known());
        if (ask && (known.next == 0 || nanos - known.next >= 0)) {
            known.next = nanos + EVERY_NANOS;
            known.said = "";
            try {
                if (!own.isEmpty()) {
                    String[] edges = own.keySet().toArray(new String[0]);
                    Double[] weights = new Double[edges.length];
                    for (int i = 0; i < edges.length; i++) {
                        weights[i] = own.getOrDefault(edges[i], 0.0);
                    }
                    database.run(WRITE, Tuple.wrap(new Object[] {group, family, writer, edges, weights}));
                }
                Map<String, Double> others = new HashMap<>();
                for (Row row : database.run(READ, Tuple.of(group, family, writer))) {
                    others.put(row.getString(0), row.getDouble(1));
                }
                known.others = others;
            } catch (DatabaseFailure e) {
                LOG.debugf("edges were not exchanged: %s", e.getMessage());
            }
        }
        Map<String, Double> all = new HashMap<>(own);
        known.others.forEach((edge, weight) -> all.merge(edge, weight, Double::sum));
        return all;
    }

    /** Keeps the decision, when it is another one or the kept one gets old. */
    void say(String group, String family, String state, @Nullable Double rate) {
        Known known = families.computeIfAbsent(family, ignored -> new Known());
        if (state.equals(known.said)) {
            return;
        }
        try {
            database.run(SAY, Tuple.wrap(new @Nullable Object[] {group, family, state, rate}));
            known.said = state;
        } catch (DatabaseFailure e) {
            LOG.debugf("the feedback's state was not kept: %s", e.getMessage());
        }
    }
}
