package io.tidemark.store.mode;

import io.tidemark.store.database.JdbcAccess;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes the mode row, by admin request, command or failover; any process with the database's name can.
 *
 * <p>The change waits for the write transactions under way and holds back later ones for its own few
 * milliseconds; each of those then finds another epoch, is rolled back and repeated in the new mode. So a
 * change falls between two batches of every writer, wherever it runs.
 */
public final class ModeChange {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final JdbcAccess access;

    public ModeChange(JdbcAccess access) {
        this.access = access;
    }

    /** Why the mode stays as it is. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        public Refused(String message) {
            super(message, null, false, false);
        }
    }

    /** Who wants the change, and why. */
    public record Order(StoreMode to, boolean force, boolean automatic, String by, String reason) {}

    /** One line of the history. */
    public record Changed(
            long epoch,
            StoreMode from,
            StoreMode to,
            boolean forced,
            boolean automatic,
            String by,
            String reason,
            String evidence,
            Instant at) {}

    /** The mode now; throws {@link Refused} when no writer has ever prepared this database. */
    public ModeState read() throws SQLException, Refused {
        try (Connection connection = access.open(LIMIT)) {
            return read(connection, "");
        }
    }

    private static ModeState read(Connection connection, String lock) throws SQLException, Refused {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT mode, epoch FROM store_mode" + lock)) {
            if (!row.next()) {
                throw new Refused("this database has no mode yet: start a store-writer on it first");
            }
            return new ModeState(StoreMode.valueOf(row.getString(1)), row.getLong(2));
        }
    }

    /** Takes the step, or says why not. A mode that holds already is no change and no error. */
    public ModeState change(Order order, Evidence evidence) throws SQLException, Refused {
        try (Connection connection = access.open(LIMIT)) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_advisory_xact_lock(" + ModeRow.LOCK + ")");
            }
            ModeState now = read(connection, " FOR UPDATE");
            if (now.mode() == order.to) {
                connection.rollback();
                return now;
            }
            String shown = judge(connection, now, order, evidence);
            ModeState next = new ModeState(order.to, now.epoch() + 1);
            write(connection, now, next, order, shown);
            connection.commit();
            return next;
        }
    }

    /** What the history will say of the evidence. */
    private static String judge(Connection connection, ModeState now, Order order, Evidence evidence)
            throws SQLException, Refused {
        Transition step = Transition.between(now.mode(), order.to)
                .orElseThrow(() -> new Refused("from " + now.mode() + " no step leads to " + order.to
                        + "; the next ones are "
                        + Transition.from(now.mode()).stream()
                                .map(Transition::to)
                                .toList()));
        if (!step.needsProof()) {
            return "none needed";
        }
        List<String> missing = new ArrayList<>();
        if (!evidence.clean()) {
            missing.add("the comparison: " + evidence.summary());
        } else if (evidence.epoch() != now.epoch()) {
            missing.add(
                    "the mode changed since the comparison (epoch " + evidence.epoch() + ", now " + now.epoch() + ")");
        }
        long open = Divergences.open(connection);
        if (open > 0) {
            missing.add(open + " open divergence" + (open == 1 ? "" : "s"));
        }
        if (missing.isEmpty()) {
            return evidence.summary();
        }
        String words = String.join("; ", missing);
        if (!order.force) {
            throw new Refused(now.mode() + " -> " + order.to + " needs equal tables: " + words
                    + ". Repair or back-fill first, or force it, which is recorded.");
        }
        return "forced without proof: " + words;
    }

    private static void write(Connection connection, ModeState now, ModeState next, Order order, String shown)
            throws SQLException {
        try (PreparedStatement row =
                connection.prepareStatement("UPDATE store_mode SET mode = ?, epoch = ?, changed_at = now()")) {
            row.setString(1, next.mode().name());
            row.setLong(2, next.epoch());
            row.executeUpdate();
        }
        String sql = "INSERT INTO store_mode_history"
                + " (epoch, from_mode, to_mode, forced, automatic, changed_by, reason, evidence)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement history = connection.prepareStatement(sql)) {
            history.setLong(1, next.epoch());
            history.setString(2, now.mode().name());
            history.setString(3, next.mode().name());
            history.setBoolean(4, shown.startsWith("forced"));
            history.setBoolean(5, order.automatic);
            history.setString(6, order.by);
            history.setString(7, order.reason);
            history.setString(8, shown);
            history.executeUpdate();
        }
    }

    /** The last changes, newest first. */
    public List<Changed> history(int most) throws SQLException {
        String sql = "SELECT epoch, from_mode, to_mode, forced, automatic, changed_by, reason, evidence, changed_at"
                + " FROM store_mode_history ORDER BY epoch DESC LIMIT ?";
        try (Connection connection = access.open(LIMIT);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, most);
            List<Changed> changes = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    changes.add(new Changed(
                            row.getLong(1),
                            StoreMode.valueOf(row.getString(2)),
                            StoreMode.valueOf(row.getString(3)),
                            row.getBoolean(4),
                            row.getBoolean(5),
                            row.getString(6),
                            row.getString(7),
                            row.getString(8),
                            row.getObject(9, OffsetDateTime.class).toInstant()));
                }
            }
            return changes;
        }
    }
}
