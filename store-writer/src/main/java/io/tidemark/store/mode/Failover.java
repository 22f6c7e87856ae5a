package io.tidemark.store.mode;

import io.tidemark.store.database.DatabaseSettings;
import io.tidemark.store.database.JdbcAccess;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Lets the two dual modes change places when the primary table cannot be written and the other one can.
 *
 * <p>Asked by a worker whose transaction failed for another reason than data or connection. It decides by
 * trying both tables itself, with a statement that changes nothing. Only a table that the server knows to be
 * at fault counts; and only a shadow that is proved complete becomes the truth. Any thread.
 */
@Singleton
public final class Failover {
    private static final Logger LOG = Logger.getLogger(Failover.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int FAULTS_BEFORE = 3;
    private static final long BETWEEN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final ModeSettings settings;
    private final JdbcAccess access;
    private final ModeChange change;
    private long lastEpoch;
    private int faults;
    private long lastAsked = System.nanoTime() - BETWEEN_NANOS;
    private String lastSaid = "";

    @Inject
    public Failover(ModeSettings settings, DatabaseSettings database) {
        this(settings, new JdbcAccess(database.databaseUrl()));
    }

    Failover(ModeSettings settings, JdbcAccess access) {
        this.settings = settings;
        this.access = access;
        this.change = new ModeChange(access);
    }

    /** True when the mode has been changed and the batch should be repeated in the new one. */
    public synchronized boolean considered(ModeState mode) {
        if (!settings.failover() || !mode.mode().isDual()) {
            return false;
        }
        faults = mode.epoch() == lastEpoch ? faults + 1 : 1;
        lastEpoch = mode.epoch();
        long now = System.nanoTime();
        if (faults < FAULTS_BEFORE || now - lastAsked < BETWEEN_NANOS) {
            return false;
        }
        lastAsked = now;
        try {
            return decide(mode);
        } catch (SQLException e) {
            say("failover was not decided: " + e.getMessage());
            return false;
        }
    }

    private boolean decide(ModeState mode) throws SQLException {
        BarTable primary = mode.mode().legacyIsPrimary() ? BarTable.LEGACY : BarTable.PROVIDER;
        StoreMode to = mode.mode() == StoreMode.DUAL_LEGACY ? StoreMode.DUAL_PROVIDER : StoreMode.DUAL_LEGACY;
        String fault;
        String proof;
        try (Connection connection = access.open(LIMIT)) {
            fault = fault(connection, primary);
            if (fault == null) {
                return false;
            }
            String other = fault(connection, primary.other());
            if (other != null) {
                say("no failover: both tables are at fault: " + fault + "; " + other);
                return false;
            }
            proof = Proof.standing(connection);
            if (proof == null || Divergences.open(connection) > 0) {
                say("no failover to " + to + ": " + primary.other().table()
                        + " is not proved complete (compare, repair, then change the mode by hand); " + fault);
                return false;
            }
        }
        try {
            ModeChange.Order order = new ModeChange.Order(to, false, true, "failover", fault);
            ModeState changed = change.change(order, new Evidence(mode.epoch(), true, proof));
            LOG.errorf("failed over to %s (epoch %d): %s", changed.mode(), changed.epoch(), fault);
            return true;
        } catch (ModeChange.Refused e) {
            say("no failover: " + e.getMessage());
            return false;
        }
    }

    /** What the server says against writing the table; null when nothing. */
    private static @Nullable String fault(Connection connection, BarTable table) throws SQLException {
        String columns = String.join(", ", BarTable.KEY) + ", " + String.join(", ", table.facts());
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO " + table.table() + " (" + columns + ") SELECT " + columns + " FROM "
                    + table.table() + " WHERE false");
            return null;
        } catch (SQLException e) {
            String state = e.getSQLState() == null ? "" : e.getSQLState();
            if (!isTableFault(state)) {
                throw e;
            }
            return table.table() + ": " + e.getMessage() + " (SQLSTATE " + state + ")";
        }
    }

    /** Of one table, not of the server: something is undefined or forbidden, or its file is damaged. */
    static boolean isTableFault(String state) {
        return state.startsWith("42") || state.equals("XX001") || state.equals("XX002") || state.equals("58P01");
    }

    private void say(String words) {
        if (!words.equals(lastSaid)) {
            LOG.error(words);
            lastSaid = words;
        }
    }
}
