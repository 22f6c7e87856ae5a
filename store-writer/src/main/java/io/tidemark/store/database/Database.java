package io.tidemark.store.database;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Transactions over the reactive client for threads that may block (workers, the polling thread), each with
 * a deadline.
 *
 * <p>A transaction that fails or is late is rolled back; where that is not certain, its connection does not
 * return to the pool.
 */
@Singleton
public final class Database {
    private final Pool pool;
    private final long timeoutNanos;

    @Inject
    Database(Pool pool, DatabaseSettings settings) {
        this.pool = pool;
        this.timeoutNanos = settings.writeTimeout().toNanos();
    }

    /** Runs the work between BEGIN and COMMIT. Throws {@link DatabaseFailure}, or what the work threw. */
    public <T> T transaction(Function<Tx, T> work) {
        long deadline = System.nanoTime() + timeoutNanos;
        SqlConnection connection = connect(deadline);
        Tx tx = new Tx(connection, deadline);
        boolean clean = false;
        try {
            tx.later("BEGIN");
            T result = work.apply(tx);
            tx.commit();
            clean = true;
            return result;
        } catch (RuntimeException e) {
            clean = tx.rollback();
            throw e;
        } finally {
            // One that cannot be rolled back never returns to the pool: its socket is closed when it has been
            // silent for a while (see BoundedPool), and the pool forgets it then.
            if (clean) {
                drop(connection.close());
            }
        }
    }

    /** One statement by itself. */
    public RowSet<Row> run(String sql, Tuple arguments) {
        return await(pool.preparedQuery(sql).execute(arguments), System.nanoTime() + timeoutNanos, "a query");
    }

    private SqlConnection connect(long deadline) {
        Future<SqlConnection> asked = pool.getConnection();
        try {
            return await(asked, deadline, "waiting for a database connection");
        } catch (DatabaseFailure e) {
            // One that arrives after all goes back at once.
            drop(asked.onSuccess(late -> drop(late.close())));
            throw e;
        }
    }

    static <T> T await(Future<T> future, long deadline, String what) {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw DatabaseFailure.of(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw DatabaseFailure.timedOut(what, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DatabaseFailure.timedOut(what + " was interrupted and", false);
        }
    }

    static void drop(Future<?> future) {
        // The outcome of giving a connection back changes nothing for anyone.
        future.onFailure(ignored -> {});
    }
}
