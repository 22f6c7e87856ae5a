package io.tidemark.store.database;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.util.concurrent.TimeUnit;

/** The writers' kind of access without the service around it, for a command; everything in one schema. */
public final class StandaloneDatabase implements AutoCloseable {
    private static final long CLOSE_SECONDS = 5;

    private final Vertx vertx;
    private final Database database;

    private StandaloneDatabase(Vertx vertx, Database database) {
        this.vertx = vertx;
        this.database = database;
    }

    /** Connects when it is first used. */
    public static StandaloneDatabase open(DatabaseUrl url, String schema, DatabaseSettings settings) {
        Vertx vertx = Vertx.vertx();
        PgConnectOptions target = PgConnectOptions.fromUri(url.clientUrl())
                .setUser(url.user())
                .setPassword(url.password())
                .setCachePreparedStatements(true)
                .addProperty("application_name", "tidemark-store-writer-verify")
                .addProperty("timezone", "UTC")
                .addProperty("search_path", schema);
        target.setConnectTimeout(5_000).setIdleTimeout(60).setIdleTimeoutUnit(TimeUnit.SECONDS);
        Pool pool = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(settings.poolSize()).setMaxWaitQueueSize(settings.poolSize()))
                .connectingTo(target)
                .using(vertx)
                .build();
        return new StandaloneDatabase(vertx, new Database(pool, settings));
    }

    public Database database() {
        return database;
    }

    /** Closes the pool with its event loops. */
    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            // The process ends soon; a connection that stays open until then harms nobody.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
