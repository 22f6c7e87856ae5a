package io.tidemark.store.sink;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A batch after decoding: one row per key in the order of the keys, and what is no bar.
 *
 * @param months first days of the months (UTC) that the rows fall into
 * @param edges records of each edge
 */
public record PreparedBars(
        List<BarRow> rows, List<Rejected> rejected, Set<LocalDate> months, Map<String, Integer> edges) {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** When the earliest bar opens; null without rows. */
    public @Nullable Instant firstTime() {
        OptionalLong first = rows.stream().mapToLong(BarRow::openTime).min();
        return first.isPresent() ? instant(first.getAsLong()) : null;
    }

    /** When the latest bar opens; null without rows. */
    public @Nullable Instant lastTime() {
        OptionalLong last = rows.stream().mapToLong(BarRow::openTime).max();
        return last.isPresent() ? instant(last.getAsLong()) : null;
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND);
    }
}
