package io.tidemark.store.sink;

import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A table's plain insert and upsert, in the form that fits a batch.
 *
 * <p>A column with one value for the whole batch travels as that value, the others as arrays. These are taken
 * apart in the select list, not in FROM: there the server would first store every one of them away (measured:
 * a fifth of its time). A table sees few forms in practice; when there are too many the oldest are forgotten.
 */
final class Statements<R> {
    private static final int MOST_FORMS = 64;
    /** In smaller batches it is chance which columns have one value, and every form costs a plan. */
    private static final int FEW = 64;

    private final String table;
    private final List<Column<R>> columns;
    private final String onConflict;
    private final Map<String, String> inserts = new ConcurrentHashMap<>();

    /** A batch with the statement for it. */
    record Bound(String insert, String onConflict, Tuple arguments) {
        String upsert() {
            return insert + onConflict;
        }
    }

    /** How a column of a batch travels. */
    private enum Way {
        ONE_VALUE('1'),
        ARRAY('a'),
        COEFFICIENTS('c');

        private final char letter;

        Way(char letter) {
            this.letter = letter;
        }
    }

    /** {@code wins} says when EXCLUDED replaces the row that is there, which is called {@code kept}. */
    Statements(String table, List<Column<R>> columns, List<String> key, String wins) {
        this.table = table;
        this.columns = columns;
        List<String> sets = new ArrayList<>();
        for (Column<R> column : columns) {
            if (!key.contains(column.name())) {
                sets.add(column.name() + " = EXCLUDED." + column.name());
            }
        }
        this.onConflict = " ON CONFLICT (" + String.join(", ", key) + ") DO UPDATE SET " + String.join(", ", sets)
                + " WHERE " + wins;
    }

    Bound bind(List<R> rows) {
        List<@Nullable Object> arguments = new ArrayList<>();
        List<Object> units = new ArrayList<>();
        List<Way> ways = new ArrayList<>();
        StringBuilder form = new StringBuilder();
        for (Column<R> column : columns) {
            Way way = add(column, rows, arguments, units);
            ways.add(way);
            form.append(way.letter);
        }
        arguments.addAll(units);
        String name = form.toString();
        String insert = inserts.get(name);
        if (insert == null) {
            insert = insert(ways);
            if (inserts.size() >= MOST_FORMS) {
                inserts.clear();
            }
            inserts.put(name, insert);
        }
        return new Bound(insert, onConflict, Tuple.wrap(arguments));
    }

    private static <R> Way add(Column<R> column, List<R> rows, List<@Nullable Object> arguments, List<Object> units) {
        if (rows.size() == 1 || rows.size() >= FEW && column.isConstant(rows)) {
            arguments.add(column.value(rows.get(0)));
            return Way.ONE_VALUE;
        }
        if (column instanceof Column.Decimals<R> decimals) {
            Column.Decimals.Scaled numbers = decimals.scaled(rows);
            if (numbers != null) {
                arguments.add(numbers.coefficients());
                units.add(numbers.unit());
                return Way.COEFFICIENTS;
            }
        }
        arguments.add(column.array(rows));
        return Way.ARRAY;
    }

    private String insert(List<Way> ways) {
        List<String> names = new ArrayList<>();
        List<String> arrays = new ArrayList<>();
        List<String> values = new ArrayList<>();
        int unit = columns.size();
        for (int i = 0; i < columns.size(); i++) {
            Column<R> column = columns.get(i);
            String parameter = "$" + (i + 1);
            String element = "u.c" + (i + 1);
            String array = "UNNEST(" + parameter + "::%s[]) AS c" + (i + 1);
            names.add(column.name());
            switch (ways.get(i)) {
                case ONE_VALUE -> values.add(column.expression(parameter + "::" + column.type()));
                case ARRAY -> {
                    arrays.add(String.format(array, column.type()));
                    values.add(column.expression(element));
                }
                case COEFFICIENTS -> {
                    arrays.add(String.format(array, "bigint"));
                    values.add(element + " * $" + ++unit + "::numeric");
                }
            }
        }
        String from = arrays.isEmpty() ? "" : " FROM (SELECT " + String.join(", ", arrays) + ") AS u";
        return "INSERT INTO " + table + " AS kept (" + String.join(", ", names) + ") SELECT "
                + String.join(", ", values) + from;
    }
}
