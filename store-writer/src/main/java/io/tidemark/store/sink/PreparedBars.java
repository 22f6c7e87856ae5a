package io.tidemark.store.sink;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A batch after decoding: one row per key in the order of the keys, and what is no bar.
 *
 * @param months first days of the months (UTC) that the rows fall into
 * @param edges records of each edge
 */
public record PreparedBars(
        List<BarRow> rows, List<Rejected> rejected, Set<LocalDate> months, Map<String, Integer> edges) {}
