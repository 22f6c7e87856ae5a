package io.tidemark.store.migrate;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;

/** Brings the database to this version's tables. Several writers may do it at once; Flyway locks. */
@Singleton
public final class Schema {
    private final Flyway flyway;

    @Inject
    Schema(Flyway flyway) {
        this.flyway = flyway;
    }

    /** Why the tables are not there. */
    public static final class NotMigrated extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean mayPass;

        NotMigrated(String message, boolean mayPass, Throwable cause) {
            super(message, cause);
            this.mayPass = mayPass;
        }

        /** Whether the server was away, so that trying again makes sense. */
        public boolean mayPass() {
            return mayPass;
        }
    }

    /** Throws {@link NotMigrated} with a message for the operator. */
    public void migrate() throws NotMigrated {
        try {
            flyway.migrate();
        } catch (RuntimeException e) {
            throw failure(e);
        }
    }

    private static NotMigrated failure(RuntimeException failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SQLException sql) {
                String state = sql.getSQLState() == null ? "" : sql.getSQLState();
                // No connection, not started yet, or no such database or role yet.
                boolean mayPass = state.isEmpty()
                        || state.startsWith("08")
                        || state.startsWith("57")
                        || state.startsWith("53")
                        || state.startsWith("55")
                        || state.startsWith("40")
                        || state.equals("3D000")
                        || state.startsWith("28");
                return new NotMigrated(sql.getMessage() + " (SQLSTATE " + state + ")", mayPass, failure);
            }
        }
        return new NotMigrated(String.valueOf(failure.getMessage()), false, failure);
    }
}
