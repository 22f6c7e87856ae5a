package io.tidemark.lake.flight;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.flight.sql.FlightSqlColumnMetadata;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/** Arrow fields as Flight SQL clients want them: with type name, precision and scale in their metadata. */
final class ArrowColumns {
    private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),\\s*(\\d+)\\)");

    private ArrowColumns() {}

    /** The same field under its own name, described for JDBC's result set metadata. */
    static Field described(Field field, String name, @Nullable String table) {
        FlightSqlColumnMetadata.Builder metadata = new FlightSqlColumnMetadata.Builder()
                .isAutoIncrement(false)
                .isReadOnly(true)
                .isSearchable(true)
                .isCaseSensitive(field.getType() instanceof ArrowType.Utf8)
                .typeName(typeName(field));
        if (field.getType() instanceof ArrowType.Decimal decimal) {
            metadata.precision(decimal.getPrecision()).scale(decimal.getScale());
        } else if (field.getType() instanceof ArrowType.Int integer) {
            metadata.precision(integer.getBitWidth() * 3 / 10 + 1).scale(0);
        } else if (field.getType() instanceof ArrowType.Timestamp time) {
            metadata.precision(29).scale(time.getUnit() == TimeUnit.NANOSECOND ? 9 : 6);
        }
        if (table != null) {
            metadata.catalogName(LakeEngine.CATALOG)
                    .schemaName(LakeEngine.SCHEMA)
                    .tableName(table);
        }
        Map<String, String> all = new LinkedHashMap<>(field.getMetadata());
        all.putAll(metadata.build().getMetadataMap());
        return new Field(name, new FieldType(field.isNullable(), field.getType(), null, all), field.getChildren());
    }

    private static String typeName(Field field) {
        ArrowType type = field.getType();
        if (type instanceof ArrowType.Decimal decimal) {
            return "DECIMAL(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
        }
        if (type instanceof ArrowType.Timestamp time) {
            return time.getTimezone() == null ? "TIMESTAMP" : "TIMESTAMP WITH TIME ZONE";
        }
        if (type instanceof ArrowType.Int integer) {
            String name = switch (integer.getBitWidth()) {
                case 8 -> "TINYINT";
                case 16 -> "SMALLINT";
                case 32 -> "INTEGER";
                default -> "BIGINT";
            };
            return integer.getIsSigned() ? name : "U" + name;
        }
        if (type instanceof ArrowType.FloatingPoint real) {
            return real.getPrecision() == FloatingPointPrecision.DOUBLE ? "DOUBLE" : "FLOAT";
        }
        if (type instanceof ArrowType.Utf8) {
            return "VARCHAR";
        }
        if (type instanceof ArrowType.Bool) {
            return "BOOLEAN";
        }
        if (type instanceof ArrowType.List && field.getChildren().size() == 1) {
            return typeName(field.getChildren().get(0)) + "[]";
        }
        return type.getTypeID().name().toUpperCase(Locale.ROOT);
    }

    /** Whether a column holds lists, whose rows can be large. */
    static boolean nested(List<Field> fields) {
        return fields.stream().anyMatch(field -> !field.getChildren().isEmpty());
    }

    /** Whether a column, or a part of it, is dictionary-encoded, as ENUM is. */
    static boolean encoded(Field field) {
        return field.getDictionary() != null || field.getChildren().stream().anyMatch(ArrowColumns::encoded);
    }

    /**
     * What a client should send for a parameter of this engine type. Timestamps are asked for in milliseconds: the
     * JDBC driver puts its milliseconds into the vector whatever the unit. Clients that send nanoseconds are
     * understood as well.
     */
    static ArrowType parameter(String engineType) {
        Matcher decimal = DECIMAL.matcher(engineType);
        if (decimal.matches()) {
            return new ArrowType.Decimal(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)), 128);
        }
        return switch (engineType) {
            case "BOOLEAN" -> ArrowType.Bool.INSTANCE;
            case "TINYINT" -> new ArrowType.Int(8, true);
            case "SMALLINT" -> new ArrowType.Int(16, true);
            case "INTEGER" -> new ArrowType.Int(32, true);
            case "BIGINT", "UINTEGER", "USMALLINT", "UTINYINT" -> new ArrowType.Int(64, true);
            case "HUGEINT", "UBIGINT", "UHUGEINT" -> new ArrowType.Decimal(38, 0, 128);
            case "FLOAT" -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
            case "DOUBLE" -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
            case "DATE" -> new ArrowType.Date(DateUnit.DAY);
            case "BLOB" -> ArrowType.Binary.INSTANCE;
            case "TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S" ->
                new ArrowType.Timestamp(TimeUnit.MILLISECOND, null);
            case "TIMESTAMPTZ_NS", "TIMESTAMP WITH TIME ZONE" -> new ArrowType.Timestamp(TimeUnit.MILLISECOND, "UTC");
            default -> ArrowType.Utf8.INSTANCE;
        };
    }
}
