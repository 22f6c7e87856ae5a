package io.tidemark.store.database;

import java.sql.SQLException;
import java.util.Set;

/** Whether a statement of the control side may succeed when its transaction is repeated. */
public final class Retries {
    private static final Set<String> AGAIN = Set.of("40001", "40P01", "55P03");

    private Retries() {}

    /** Deadlock, serialisation, or a lock that somebody held too long. */
    public static boolean mayRepeat(SQLException failure) {
        return failure.getSQLState() != null && AGAIN.contains(failure.getSQLState());
    }
}
