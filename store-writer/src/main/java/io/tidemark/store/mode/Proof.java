package io.tidemark.store.mode;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * That both tables were equal once, and what keeps it true since: only dual modes, and no open divergence.
 *
 * <p>Failover asks for it, because at that moment one of the tables cannot be read.
 */
public final class Proof {
    private static final String HOLDS = """
            SELECT p.epoch, p.summary FROM store_proof p CROSS JOIN store_mode m
            WHERE m.mode IN ('DUAL_LEGACY', 'DUAL_PROVIDER')
                AND NOT EXISTS (
                    SELECT 1 FROM store_mode_history h WHERE h.epoch > p.epoch
                        AND (h.to_mode NOT IN ('DUAL_LEGACY', 'DUAL_PROVIDER')
                            OR h.from_mode NOT IN ('DUAL_LEGACY', 'DUAL_PROVIDER')))
            ORDER BY p.epoch DESC LIMIT 1
            """;

    private Proof() {}

    /** Keeps what a comparison of everything has shown, if the mode is still the one that it began in. */
    public static void keep(Connection connection, Evidence evidence) throws SQLException {
        if (!evidence.clean()) {
            return;
        }
        String sql = "INSERT INTO store_proof (epoch, summary) SELECT epoch, ? FROM store_mode"
                + " WHERE epoch = ? AND mode IN ('DUAL_LEGACY', 'DUAL_PROVIDER')"
                + " ON CONFLICT (epoch) DO UPDATE SET summary = EXCLUDED.summary, proved_at = now()";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, evidence.summary());
            statement.setLong(2, evidence.epoch());
            statement.executeUpdate();
        }
    }

    /** In words; null when nothing proves that the tables are equal but for open divergences. */
    static @Nullable String standing(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(HOLDS)) {
            return row.next() ? "proved in epoch " + row.getLong(1) + ": " + row.getString(2) : null;
        }
    }
}
