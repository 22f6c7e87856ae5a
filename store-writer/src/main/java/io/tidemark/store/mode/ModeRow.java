package io.tidemark.store.mode;

import io.tidemark.store.database.Database;
import io.tidemark.store.database.Tx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one row that says which sinks are written.
 *
 * <p>It outlives restarts and wins over the environment. Every write transaction holds {@link #share} and
 * checks the epoch, so that a change (which holds the same lock exclusively) falls between two transactions.
 */
@Singleton
public final class ModeRow {
    private static final Logger LOG = Logger.getLogger(ModeRow.class);
    static final long LOCK = 0x7469_6465_6d6f_6465L;

    private final Database database;
    private final ModeSettings settings;
    private volatile @Nullable ModeState current;

    @Inject
    public ModeRow(Database database, ModeSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    /** Writes the first mode of a new store, reads the row otherwise; warns where the environment differs. */
    public ModeState load() {
        StoreMode wanted = settings.mode().orElse(StoreMode.PROVIDER);
        ModeState state = database.transaction(tx -> {
            tx.later(
                    // New tables are empty, and so equal.
                    "WITH made AS (INSERT INTO store_mode (mode, epoch) VALUES ($1, 1)"
                            + " ON CONFLICT (only_row) DO NOTHING RETURNING epoch)"
                            + " INSERT INTO store_proof (epoch, summary) SELECT epoch, 'new tables' FROM made",
                    Tuple.of(wanted.name()));
            return read(tx);
        });
        if (settings.mode().isPresent() && !state.mode().setting().equals(wanted.setting())) {
            LOG.warnf(
                    "store.mode is \"%s\", but this database is in mode %s, which holds (%s)",
                    wanted.setting(), state.mode(), state.mode().description());
        }
        current = state;
        return state;
    }

    /** The mode as last read; null before {@link #load}. */
    public @Nullable ModeState current() {
        return current;
    }

    /** Keeps the mode as it is until the transaction ends. Sent without waiting. */
    public static void share(Tx tx) {
        tx.later("SELECT pg_advisory_xact_lock_shared($1)", Tuple.of(LOCK));
    }

    private static ModeState read(Tx tx) {
        Row row = tx.run("SELECT mode, epoch FROM store_mode", Tuple.tuple())
                .iterator()
                .next();
        return new ModeState(StoreMode.valueOf(row.getString(0)), row.getLong(1));
    }
}
