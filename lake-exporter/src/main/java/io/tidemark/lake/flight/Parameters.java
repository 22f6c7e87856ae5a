package io.tidemark.lake.flight;

import java.math.BigDecimal;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FloatingPointVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/** The values of a prepared statement's parameters, taken out of Arrow and put into the engine without loss. */
final class Parameters {
    static final Parameters NONE = new Parameters(List.of());

    private final List<@Nullable Object> values;

    private Parameters(List<@Nullable Object> values) {
        this.values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /** All parameters NULL: enough to learn the types of a result. */
    static Parameters nulls(int count) {
        return new Parameters(Collections.nCopies(count, null));
    }

    /** The one row of a parameter batch. */
    static Parameters of(VectorSchemaRoot root) {
        List<@Nullable Object> values = new ArrayList<>();
        for (FieldVector vector : root.getFieldVectors()) {
            values.add(vector.isNull(0) ? null : value(vector));
        }
        return new Parameters(values);
    }

    int count() {
        return values.size();
    }

    void bind(PreparedStatement statement) throws SQLException {
        ParameterMetaData asked = statement.getParameterMetaData();
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            if (value instanceof Temporal time && asText(time, asked.getParameterTypeName(i + 1))) {
                value = text(time);
            }
            statement.setObject(i + 1, value);
        }
    }

    /**
     * The engine's driver binds timestamps in microseconds, which are neither exact nor comparable with a column
     * of nanoseconds; text is read as whatever the column is.
     */
    private static boolean asText(Temporal time, String engineType) {
        return engineType.endsWith("_NS")
                || (time.isSupported(ChronoField.NANO_OF_SECOND) && time.get(ChronoField.NANO_OF_SECOND) % 1_000 != 0);
    }

    private static String text(Temporal time) {
        if (time instanceof OffsetDateTime zoned) {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(zoned);
        }
        return time instanceof LocalDateTime local
                ? DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(local)
                : time.toString();
    }

    private static @Nullable Object value(FieldVector vector) {
        if (vector instanceof NullVector) {
            return null;
        }
        if (vector instanceof VarCharVector || vector instanceof LargeVarCharVector) {
            return String.valueOf(vector.getObject(0));
        }
        if (vector instanceof BitVector bits) {
            return bits.get(0) == 1;
        }
        if (vector instanceof DecimalVector decimal) {
            BigDecimal exact = decimal.getObject(0);
            return exact;
        }
        if (vector instanceof UInt1Vector
                || vector instanceof UInt2Vector
                || vector instanceof UInt4Vector
                || vector instanceof UInt8Vector) {
            return vector instanceof UInt8Vector wide
                    ? wide.getObjectNoOverflow(0)
                    : (Object) ((BaseIntVector) vector).getValueAsLong(0);
        }
        if (vector instanceof BaseIntVector integer) {
            return integer.getValueAsLong(0);
        }
        if (vector instanceof FloatingPointVector real) {
            return real.getValueAsDouble(0);
        }
        if (vector instanceof VarBinaryVector bytes) {
            return bytes.get(0);
        }
        if (vector instanceof DateDayVector day) {
            return LocalDate.ofEpochDay(day.get(0));
        }
        if (vector instanceof DateMilliVector milli) {
            return LocalDate.ofEpochDay(Math.floorDiv(milli.get(0), TimeUnit.DAYS.toMillis(1)));
        }
        if (vector instanceof TimeStampVector time) {
            return timestamp(time);
        }
        return timeOfDay(vector);
    }

    private static Object timeOfDay(FieldVector vector) {
        if (vector instanceof TimeSecVector time) {
            return LocalTime.ofSecondOfDay(time.get(0));
        }
        if (vector instanceof TimeMilliVector time) {
            return LocalTime.ofNanoOfDay(time.get(0) * 1_000_000L);
        }
        if (vector instanceof TimeMicroVector time) {
            return LocalTime.ofNanoOfDay(time.get(0) * 1_000L);
        }
        if (vector instanceof TimeNanoVector time) {
            return LocalTime.ofNanoOfDay(time.get(0));
        }
        throw RefusedException.malformed("parameters of the Arrow type "
                + vector.getField().getType() + " are not understood; send text and cast it");
    }

    private static Object timestamp(TimeStampVector vector) {
        ArrowType.Timestamp type = (ArrowType.Timestamp) vector.getField().getType();
        long value = vector.get(0);
        Instant instant = switch (type.getUnit()) {
            case SECOND -> Instant.ofEpochSecond(value);
            case MILLISECOND -> Instant.ofEpochMilli(value);
            case MICROSECOND ->
                Instant.ofEpochSecond(Math.floorDiv(value, 1_000_000L), Math.floorMod(value, 1_000_000L) * 1_000L);
            case NANOSECOND ->
                Instant.ofEpochSecond(Math.floorDiv(value, 1_000_000_000L), Math.floorMod(value, 1_000_000_000L));
        };
        return type.getTimezone() != null
                ? instant.atOffset(ZoneOffset.UTC)
                : LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
