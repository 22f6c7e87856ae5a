package io.tidemark.store.migrate;

import io.tidemark.store.database.Database;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the month partitions that rows need, each in a transaction of its own, before the rows come.
 *
 * <p>Remembers those that it has seen; {@link #forget} after the database said that one is missing.
 */
@Singleton
public final class MonthPartitions {
    private static final int MONTHS_AHEAD = 2;

    private record Month(String table, LocalDate first) {}

    private final Database database;
    private final Set<Month> known = ConcurrentHashMap.newKeySet();

    @Inject
    public MonthPartitions(Database database) {
        this.database = database;
    }

    /** {@code months} are first days of months, UTC. */
    public void ensure(List<String> tables, Collection<LocalDate> months) {
        for (LocalDate first : months) {
            for (String table : tables) {
                Month month = new Month(table, first);
                if (!known.contains(month)) {
                    database.run("SELECT tidemark_ensure_month($1, $2)", Tuple.of(table, first));
                    known.add(month);
                }
            }
        }
    }

    /** The current month and the next ones. */
    public void ensureAhead(List<String> tables, LocalDate today) {
        LocalDate first = today.withDayOfMonth(1);
        for (int i = 0; i <= MONTHS_AHEAD; i++) {
            ensure(tables, List.of(first.plusMonths(i)));
        }
    }

    public void forget() {
        known.clear();
    }
}
