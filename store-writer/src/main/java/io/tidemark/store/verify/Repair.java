package io.tidemark.store.verify;

import io.tidemark.store.database.JdbcAccess;
import io.tidemark.store.migrate.BarCopy;
import io.tidemark.store.migrate.CopyRun;
import io.tidemark.store.migrate.Pace;
import io.tidemark.store.mode.BarTable;
import io.tidemark.store.mode.Divergences;
import io.tidemark.store.mode.ModeChange;
import io.tidemark.store.mode.ModeState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the two bar tables equal: what one lacks it gets from the other, of two different rows the one of
 * higher rank wins, and where the ranks are equal the primary table's. Nothing is deleted.
 *
 * <p>Recorded divergences are closed only when a comparison of their times has come out clean.
 */
public final class Repair {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int CHUNK = 5_000;
    private static final int MOST_DIVERGENCES = 10_000;

    private final JdbcAccess access;
    private final ParityCheck parity;

    public Repair(JdbcAccess access, ParityCheck parity) {
        this.access = access;
        this.parity = parity;
    }

    /**
     * @param written rows inserted or replaced in either table
     * @param closed divergences that are repaired now
     */
    public record Repaired(Instant from, Instant to, long written, int closed, ParityReport after) {}

    /** Repairs the times of all open divergences; null when there are none. */
    public @Nullable Repaired divergences(Pace pace, Consumer<String> progress)
            throws SQLException, InterruptedException, ModeChange.Refused {
        List<Divergences.Range> open;
        try (Connection connection = access.open(LIMIT)) {
            open = Divergences.list(connection, true, MOST_DIVERGENCES);
        }
        if (open.isEmpty()) {
            return null;
        }
        Instant from = ParityCheck.END;
        Instant to = ParityCheck.BEGINNING;
        for (Divergences.Range range : open) {
            Instant first = range.first() == null ? ParityCheck.BEGINNING : range.first();
            Instant last = range.last() == null ? ParityCheck.END : range.last().plusMillis(1);
            from = first.isBefore(from) ? first : from;
            to = last.isAfter(to) ? last : to;
        }
        return run(from, to, open, pace, progress);
    }

    /** Repairs a range of time; divergences stay as they are recorded. */
    public Repaired range(Instant from, Instant to, Pace pace, Consumer<String> progress)
            throws SQLException, InterruptedException, ModeChange.Refused {
        return run(from, to, List.of(), pace, progress);
    }

    private Repaired run(Instant from, Instant to, List<Divergences.Range> open, Pace pace, Consumer<String> progress)
            throws SQLException, InterruptedException, ModeChange.Refused {
        ModeState mode = new ModeChange(access).read();
        BarTable primary = mode.mode().legacyIsPrimary() ? BarTable.LEGACY : BarTable.PROVIDER;
        long written = 0;
        try (Connection connection = access.open(LIMIT)) {
            for (BarTable source : List.of(primary, primary.other())) {
                progress.accept("copying what " + source.other().table() + " lacks");
                CopyRun run = new CopyRun(
                        connection,
                        source,
                        new BarCopy(source, source == primary, CHUNK),
                        pace,
                        (inside, pair, step) -> {});
                run.run(from, to, Instant.MIN, new BarCopy.Key("", "", "", "", Instant.EPOCH));
                written += run.written();
            }
        }
        ParityReport after = parity.compare(from, to, progress);
        int closed = 0;
        if (after.isClean() && !open.isEmpty()) {
            try (Connection connection = access.open(LIMIT)) {
                closed = Divergences.repaired(connection, open);
            }
        }
        return new Repaired(from, to, written, closed, after);
    }
}
