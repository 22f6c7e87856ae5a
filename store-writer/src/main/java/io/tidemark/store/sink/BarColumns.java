package io.tidemark.store.sink;

import io.tidemark.contracts.decimal.Decimal38;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rows turned into the arrays that {@code UNNEST} takes. Numbers travel as text, which is exact. */
final class BarColumns {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private BarColumns() {}

    static String[] texts(List<BarRow> rows, Function<BarRow, String> column) {
        String[] values = new String[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(rows.get(i));
        }
        return values;
    }

    static @Nullable String[] numbers(List<BarRow> rows, Function<BarRow, @Nullable Decimal38> column) {
        @Nullable String[] values = new String[rows.size()];
        for (int i = 0; i < values.length; i++) {
            Decimal38 value = column.apply(rows.get(i));
            values[i] = value == null ? null : value.toString();
        }
        return values;
    }

    static OffsetDateTime[] times(List<BarRow> rows) {
        OffsetDateTime[] values = new OffsetDateTime[rows.size()];
        for (int i = 0; i < values.length; i++) {
            long nanos = rows.get(i).openTime();
            values[i] = Instant.ofEpochSecond(nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND)
                    .atOffset(ZoneOffset.UTC);
        }
        return values;
    }

    static Long[] longs(List<BarRow> rows, Function<BarRow, Long> column) {
        Long[] values = new Long[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(rows.get(i));
        }
        return values;
    }

    static Boolean[] flags(List<BarRow> rows, Function<BarRow, Boolean> column) {
        Boolean[] values = new Boolean[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(rows.get(i));
        }
        return values;
    }
}
