package io.tidemark.store.sink;

import io.tidemark.contracts.decimal.Decimal38;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table and how its values travel: as one array per batch.
 *
 * <p>A decimal column travels as 64-bit coefficients of one common scale, which the database multiplies by the
 * power of ten that belongs to it: exact, and half the work of text. Where a batch's numbers have no such
 * common scale, all its decimals travel as text.
 */
abstract class Column<R> {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long[] POWERS = new long[Decimal38.SCALE + 1];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private final String name;
    private final String type;

    private Column(String name, String type) {
        this.name = name;
        this.type = type;
    }

    final String name() {
        return name;
    }

    /** Of an element of the array. */
    final String type() {
        return type;
    }

    /** What the statement makes of the element {@code value}. */
    String expression(String value) {
        return value;
    }

    abstract Object array(List<R> rows);

    /** The one value of a row, as it is bound by itself. */
    abstract @Nullable Object value(R row);

    /** Whether all rows have the same value. */
    final boolean isConstant(List<R> rows) {
        Object first = value(rows.get(0));
        for (int i = rows.size() - 1; i > 0; i--) {
            if (!java.util.Objects.equals(first, value(rows.get(i)))) {
                return false;
            }
        }
        return true;
    }

    private static final class Objects<R, T> extends Column<R> {
        private final Function<R, @Nullable T> value;
        private final java.util.function.IntFunction<@Nullable T[]> make;
        private final String form;

        Objects(
                String name,
                String type,
                String form,
                Function<R, @Nullable T> value,
                java.util.function.IntFunction<@Nullable T[]> make) {
            super(name, type);
            this.value = value;
            this.make = make;
            this.form = form;
        }

        @Override
        String expression(String element) {
            return String.format(form, element);
        }

        @Override
        @Nullable
        Object value(R row) {
            return value.apply(row);
        }

        @Override
        Object array(List<R> rows) {
            @Nullable T[] values = make.apply(rows.size());
            for (int i = 0; i < values.length; i++) {
                values[i] = value.apply(rows.get(i));
            }
            return values;
        }
    }

    static <R> Column<R> text(String name, Function<R, @Nullable String> value) {
        return new Objects<>(name, "text", "%s", value, String[]::new);
    }

    /** A {@code text[]}, which travels as one text joined by U+001F. */
    static <R> Column<R> list(String name, Function<R, @Nullable String> joined) {
        return new Objects<>(name, "text", "string_to_array(%s, chr(31))", joined, String[]::new);
    }

    static <R> Column<R> whole(String name, Function<R, @Nullable Long> value) {
        return new Objects<>(name, "bigint", "%s", value, Long[]::new);
    }

    static <R> Column<R> flag(String name, Predicate<R> value) {
        return new Objects<R, Boolean>(name, "boolean", "%s", value::test, Boolean[]::new);
    }

    static <R> Column<R> date(String name, Function<R, @Nullable LocalDate> value) {
        return new Objects<>(name, "date", "%s", value, LocalDate[]::new);
    }

    /** Nanoseconds since 1970; the database keeps microseconds, so finer ones are cut off. */
    static <R> Column<R> time(String name, ToLongFunction<R> nanos) {
        return new Objects<R, OffsetDateTime>(
                name, "timestamptz", "%s", row -> time(nanos.applyAsLong(row)), OffsetDateTime[]::new);
    }

    private static OffsetDateTime time(long nanos) {
        long second = Math.floorDiv(nanos, NANOS_PER_SECOND);
        long micros = Math.floorMod(nanos, NANOS_PER_SECOND) / 1_000;
        return Instant.ofEpochSecond(second, micros * 1_000).atOffset(ZoneOffset.UTC);
    }

    /** An exact {@code numeric(38,18)}. */
    static <R> Decimals<R> decimal(String name, Function<R, @Nullable Decimal38> value) {
        return new Decimals<>(name, value);
    }

    /** See the class comment. */
    static final class Decimals<R> extends Column<R> {
        private final Function<R, @Nullable Decimal38> value;

        private Decimals(String name, Function<R, @Nullable Decimal38> value) {
            super(name, "text");
            this.value = value;
        }

        /** Coefficients and the power of ten that makes numbers of them. */
        record Scaled(@Nullable Long[] coefficients, BigDecimal unit) {}

        @Override
        String expression(String element) {
            return element + "::numeric(38,18)";
        }

        @Override
        @Nullable
        Object value(R row) {
            Decimal38 number = value.apply(row);
            return number == null ? null : number.toString();
        }

        @Override
        Object array(List<R> rows) {
            @Nullable String[] values = new String[rows.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (String) value(rows.get(i));
            }
            return values;
        }

        /** Null when the numbers have no common scale at which all of them fit 64 bits. */
        @Nullable
        Scaled scaled(List<R> rows) {
            int size = rows.size();
            Decimal38[] numbers = new Decimal38[size];
            int scale = 0;
            for (int i = 0; i < size; i++) {
                Decimal38 number = value.apply(rows.get(i));
                if (number != null) {
                    if (!number.isSmall()) {
                        return null;
                    }
                    numbers[i] = number;
                    scale = Math.max(scale, number.scale());
                }
            }
            @Nullable Long[] coefficients = new Long[size];
            for (int i = 0; i < size; i++) {
                Decimal38 number = numbers[i];
                if (number != null) {
                    long power = POWERS[scale - number.scale()];
                    long coefficient = number.smallCoefficient();
                    long high = Math.multiplyHigh(coefficient, power);
                    long low = coefficient * power;
                    if (high != low >> (Long.SIZE - 1)) {
                        return null;
                    }
                    coefficients[i] = low;
                }
            }
            return new Scaled(coefficients, BigDecimal.valueOf(1, scale));
        }
    }
}
