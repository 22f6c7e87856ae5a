package io.tidemark.store.sink;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/**
 * A batch of one family after decoding: one row per key in the order of the keys, and what is no row.
 *
 * @param months first days of the months (UTC) that the rows fall into
 */
public record PreparedFacts<R extends FactRow>(List<R> rows, List<Rejected> rejected, Set<LocalDate> months) {}
