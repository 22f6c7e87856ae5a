package io.tidemark.store.sink;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidemark.store.database.DatabaseFailure;
import io.tidemark.store.database.DatabaseFailure.Meaning;
import io.tidemark.store.database.Tx;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One table's way in: many rows by one statement, inside the caller's transaction.
 *
 * <p>Optimistic: a plain insert, and only where a key exists already the same rows once more as an upsert;
 * after such a conflict the next few batches begin with the upsert. A row that the database refuses is found
 * by halving and handed out, the others are written. Rows come sorted by key and without repeated keys. A
 * new table is one subclass: its columns, its key, and which of two rows of a key stays.
 */
abstract class Sink<R extends SinkRow> {
    private static final int UPSERTS_AFTER_CONFLICT = 16;
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private final String name;
    private final String table;
    private final Statements<R> statements;
    private final Counter successes;
    private final Counter failures;
    private final Timer latency;
    private final AtomicInteger upsertsLeft = new AtomicInteger();

    /** {@code wins} says when EXCLUDED replaces the row of the same key, which is called {@code kept}. */
    Sink(String name, String table, List<Column<R>> columns, List<String> key, String wins, MeterRegistry metrics) {
        this.name = name;
        this.table = table;
        this.statements = new Statements<>(table, columns, key, wins);
        this.successes = Counter.builder("sink_writes_total")
                .description("Batches written, by sink")
                .tags("sink", name, "status", "success")
                .register(metrics);
        this.failures = Counter.builder("sink_writes_total")
                .description("Batches written, by sink")
                .tags("sink", name, "status", "failure")
                .register(metrics);
        this.latency = timer("sink_write_latency", "Time of a batch's statements, by sink", metrics, "sink", name);
    }

    static Timer timer(String meter, String description, MeterRegistry metrics, String... tags) {
        return Timer.builder(meter)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(BUCKETS)
                .register(metrics);
    }

    final String name() {
        return name;
    }

    final String table() {
        return table;
    }

    /** Called after the transaction with these rows was committed. */
    void committed(int rows, long nanos) {
        successes.increment();
        latency.record(Duration.ofNanos(nanos));
    }

    /** Called when the rows were not written. */
    void failed() {
        failures.increment();
    }

    /** Writes the rows, but those that the database refuses, which go to {@code refused}; returns rows changed. */
    final int write(Tx tx, List<R> rows, Consumer<Rejected> refused) {
        try {
            return writeWhole(tx, rows);
        } catch (DatabaseFailure e) {
            if (e.meaning() != Meaning.DATA) {
                throw e;
            }
            if (rows.size() == 1) {
                refused.accept(
                        new Rejected(rows.get(0).origin(), "refused-by-database", String.valueOf(e.getMessage())));
                return 0;
            }
            int half = rows.size() / 2;
            return write(tx, rows.subList(0, half), refused) + write(tx, rows.subList(half, rows.size()), refused);
        }
    }

    /** All rows or none; a failure leaves the transaction usable unless the connection is gone. */
    final int writeWhole(Tx tx, List<R> rows) {
        Statements.Bound bound = statements.bind(rows);
        if (upsertsLeft.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
            try {
                return guarded(tx, bound.insert(), bound.arguments());
            } catch (DatabaseFailure e) {
                if (e.meaning() != Meaning.KEY_EXISTS) {
                    throw e;
                }
                upsertsLeft.set(UPSERTS_AFTER_CONFLICT);
            }
        }
        return guarded(tx, bound.upsert(), bound.arguments());
    }

    private static int guarded(Tx tx, String sql, Tuple arguments) {
        tx.later("SAVEPOINT rows_of_sink");
        try {
            int changed = tx.run(sql, arguments).rowCount();
            tx.later("RELEASE SAVEPOINT rows_of_sink");
            return changed;
        } catch (DatabaseFailure e) {
            if (!e.mayPass()) {
                tx.later("ROLLBACK TO SAVEPOINT rows_of_sink");
                tx.run("RELEASE SAVEPOINT rows_of_sink");
            }
            throw e;
        }
    }
}
