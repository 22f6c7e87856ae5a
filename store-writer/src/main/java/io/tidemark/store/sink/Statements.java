package io.tidemark.store.sink;

import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table's four statements: plain insert and upsert, each for decimals as coefficients and as text.
 *
 * <p>The arrays are taken apart in the select list, not in FROM: there the server would first store every
 * one of them away (measured: a fifth of its time).
 */
final class Statements<R> {
    private final List<Column<R>> columns;
    private final String scaledInsert;
    private final String textInsert;
    private final String onConflict;

    /**
     * A batch bound to one form of the statement.
     *
     * @param scaled whether decimals are coefficients
     */
    record Bound(boolean scaled, Tuple arguments) {}

    /** {@code wins} says when EXCLUDED replaces the row that is there, which is called {@code kept}. */
    Statements(String table, List<Column<R>> columns, List<String> key, String wins) {
        this.columns = columns;
        this.scaledInsert = insert(table, true);
        this.textInsert = insert(table, false);
        List<String> sets = new ArrayList<>();
        for (Column<R> column : columns) {
            if (!key.contains(column.name())) {
                sets.add(column.name() + " = EXCLUDED." + column.name());
            }
        }
        this.onConflict = " ON CONFLICT (" + String.join(", ", key) + ") DO UPDATE SET " + String.join(", ", sets)
                + " WHERE " + wins;
    }

    private String insert(String table, boolean scaled) {
        List<String> names = new ArrayList<>();
        List<String> arrays = new ArrayList<>();
        List<String> values = new ArrayList<>();
        int unit = columns.size();
        for (int i = 0; i < columns.size(); i++) {
            Column<R> column = columns.get(i);
            boolean coefficients = scaled && column.isDecimal();
            String element = "u.c" + (i + 1);
            names.add(column.name());
            arrays.add("UNNEST($" + (i + 1) + "::" + (coefficients ? "bigint" : column.type()) + "[]) AS c" + (i + 1));
            values.add(coefficients ? element + " * $" + ++unit + "::numeric" : column.expression(element));
        }
        return "INSERT INTO " + table + " AS kept (" + String.join(", ", names) + ") SELECT "
                + String.join(", ", values) + " FROM (SELECT " + String.join(", ", arrays) + ") AS u";
    }

    String insert(Bound bound) {
        return bound.scaled ? scaledInsert : textInsert;
    }

    String upsert(Bound bound) {
        return insert(bound) + onConflict;
    }

    Bound bind(List<R> rows) {
        @Nullable Object[] arguments = new Object[columns.size()];
        List<Object> units = new ArrayList<>();
        boolean scaled = true;
        for (int i = 0; i < arguments.length && scaled; i++) {
            if (columns.get(i) instanceof Column.Decimals<R> decimals) {
                Column.Decimals.Scaled numbers = decimals.scaled(rows);
                if (numbers == null) {
                    scaled = false;
                } else {
                    arguments[i] = numbers.coefficients();
                    units.add(numbers.unit());
                }
            }
        }
        for (int i = 0; i < arguments.length; i++) {
            if (!scaled || !columns.get(i).isDecimal()) {
                arguments[i] = columns.get(i).array(rows);
            }
        }
        List<@Nullable Object> all = new ArrayList<>(List.of());
        for (Object argument : arguments) {
            all.add(argument);
        }
        if (scaled) {
            all.addAll(units);
        }
        return new Bound(scaled, Tuple.wrap(all));
    }
}
