package io.tidemark.contracts.files.schema;

import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/**
 * One column of the format. The same name has the same id, type and meaning in every schema that has it.
 *
 * @param index its place in a {@link Row}
 */
public record Column(int index, String name, int id, Kind kind) {
    /** What a column holds. */
    public enum Kind {
        TEXT,
        BYTES,
        INT64,
        INT32,
        FLAG,
        /** Nanoseconds since 1970 UTC. */
        TIME,
        /** Days since 1970-01-01. */
        DATE,
        /** Sixteen bytes, big-endian, at scale 18. */
        DECIMAL,
        DECIMALS,
        TEXTS,
        INT64S;

        public boolean isList() {
            return this == DECIMALS || this == TEXTS || this == INT64S;
        }
    }

    static Kind kindOf(org.apache.parquet.schema.Type type) {
        if (type.isPrimitive()) {
            return kindOf(type.asPrimitiveType());
        }
        PrimitiveType element =
                type.asGroupType().getType(0).asGroupType().getType(0).asPrimitiveType();
        return switch (kindOf(element)) {
            case DECIMAL -> Kind.DECIMALS;
            case TEXT -> Kind.TEXTS;
            case INT64 -> Kind.INT64S;
            default -> throw new IllegalStateException("no list of this type: " + type);
        };
    }

    private static Kind kindOf(PrimitiveType type) {
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        return switch (type.getPrimitiveTypeName()) {
            case BINARY -> meaning instanceof StringLogicalTypeAnnotation ? Kind.TEXT : Kind.BYTES;
            case INT64 -> {
                if (meaning instanceof TimestampLogicalTypeAnnotation time
                        && time.getUnit() == TimeUnit.NANOS
                        && time.isAdjustedToUTC()) {
                    yield Kind.TIME;
                }
                if (meaning == null) {
                    yield Kind.INT64;
                }
                throw new IllegalStateException("no column type of the format: " + type);
            }
            case INT32 -> meaning == null ? Kind.INT32 : Kind.DATE;
            case BOOLEAN -> Kind.FLAG;
            case FIXED_LEN_BYTE_ARRAY -> {
                if (meaning instanceof DecimalLogicalTypeAnnotation decimal
                        && decimal.getPrecision() == 38
                        && decimal.getScale() == 18
                        && type.getTypeLength() == 16) {
                    yield Kind.DECIMAL;
                }
                throw new IllegalStateException("no column type of the format: " + type);
            }
            default -> throw new IllegalStateException("no column type of the format: " + type);
        };
    }
}
