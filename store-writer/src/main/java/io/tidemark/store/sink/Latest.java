package io.tidemark.store.sink;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;

/** Rows with repeated keys made rows without. */
final class Latest {
    private Latest() {}

    /**
     * One row per key, in the order of the keys; sorts {@code read} itself. {@code replaces} says whether its
     * first argument replaces its second; of equal rows the first stays.
     */
    static <R> List<R> of(List<R> read, Comparator<R> byKey, BiPredicate<R, R> replaces) {
        read.sort(byKey);
        List<R> rows = new ArrayList<>(read.size());
        for (R row : read) {
            int last = rows.size() - 1;
            if (last < 0 || byKey.compare(rows.get(last), row) != 0) {
                rows.add(row);
            } else if (replaces.test(row, rows.get(last))) {
                rows.set(last, row);
            }
        }
        return rows;
    }
}
