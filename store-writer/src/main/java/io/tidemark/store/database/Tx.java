package io.tidemark.store.database;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One open transaction. Used by one thread.
 *
 * <p>{@link #later} sends a statement without waiting for its answer, which saves a round trip each; its
 * failure shows at the next {@link #run}. Every failure is a {@link DatabaseFailure}.
 */
public final class Tx {
    private static final long ROLLBACK_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final SqlConnection connection;
    private final long deadline;
    private final List<Future<?>> sent = new ArrayList<>();
    private boolean late;

    Tx(SqlConnection connection, long deadline) {
        this.connection = connection;
        this.deadline = deadline;
    }

    public void later(String sql) {
        sent.add(connection.query(sql).execute());
    }

    public void later(String sql, Tuple arguments) {
        sent.add(connection.preparedQuery(sql).execute(arguments));
    }

    public RowSet<Row> run(String sql, Tuple arguments) {
        return answer(connection.preparedQuery(sql).execute(arguments), "a statement");
    }

    public void run(String sql) {
        answer(connection.query(sql).execute(), "a statement");
    }

    private <T> T answer(Future<T> last, String what) {
        try {
            for (Future<?> earlier : sent) {
                Database.await(earlier, deadline, what);
            }
            return Database.await(last, deadline, what);
        } catch (DatabaseFailure e) {
            late |= System.nanoTime() >= deadline;
            throw e;
        } finally {
            sent.clear();
        }
    }

    void commit() {
        try {
            answer(connection.query("COMMIT").execute(), "the commit");
        } catch (DatabaseFailure e) {
            throw e.mayPass() ? e.withUnknownOutcome() : e;
        }
    }

    /** Whether the connection is known to have no transaction any more (or is closed). */
    boolean rollback() {
        sent.clear();
        if (late && connection instanceof PgConnection pg) {
            Database.drop(pg.cancelRequest());
        }
        try {
            Database.await(connection.query("ROLLBACK").execute(), System.nanoTime() + ROLLBACK_NANOS, "the rollback");
            return true;
        } catch (DatabaseFailure e) {
            // A closed connection has been forgotten by the pool already; giving it back does no harm.
            return e.getCause() != null;
        }
    }
}
