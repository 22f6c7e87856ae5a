package io.tidemark.store.database;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The reactive pool with bounds that its defaults lack: a wait queue that ends, and sockets that are closed
 * when nothing came through them for twice the longest transaction (a server that vanished never says so).
 */
@Singleton
public final class BoundedPool implements PgPoolCreator {
    private static final int LONGEST_QUEUE = 64;
    /** Of a statement that stays prepared; those of wide tables are longer than the default allows. */
    private static final int LONGEST_SQL = 16_384;

    private final DatabaseSettings settings;

    @Inject
    BoundedPool(DatabaseSettings settings) {
        this.settings = settings;
    }

    @Override
    public Pool create(Input input) {
        long millis = settings.writeTimeout().toMillis();
        List<PgConnectOptions> targets = input.pgConnectOptionsList();
        for (PgConnectOptions target : targets) {
            target.setIdleTimeout(Math.toIntExact(2 * millis))
                    .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                    .setTcpKeepAlive(true)
                    .setConnectTimeout(5_000)
                    .setCachePreparedStatements(true)
                    .setPreparedStatementCacheSqlLimit(LONGEST_SQL)
                    .addProperty("application_name", "tidemark-store-writer")
                    .addProperty("timezone", "UTC")
                    .addProperty("statement_timeout", Long.toString(millis))
                    .addProperty("lock_timeout", Long.toString(Math.max(1, millis / 3)))
                    .addProperty("idle_in_transaction_session_timeout", Long.toString(2 * millis));
        }
        PoolOptions options =
                input.poolOptions().setMaxSize(settings.poolSize()).setMaxWaitQueueSize(LONGEST_QUEUE);
        return PgBuilder.pool()
                .with(options)
                .connectingTo(List.<SqlConnectOptions>copyOf(targets))
                .using(input.vertx())
                .build();
    }
}
