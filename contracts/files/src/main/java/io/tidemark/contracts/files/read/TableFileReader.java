package io.tidemark.contracts.files.read;

import io.tidemark.contracts.files.Codecs;
import io.tidemark.contracts.files.DamagedFileException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a flat Parquet file that somebody else wrote, each cell as a text: decimals exactly, a float as the shortest
 * decimal that is the same float, a time in ISO 8601 (with a Z where the file says it is UTC), null for none.
 *
 * <p>Used by one thread.
 */
public final class TableFileReader implements AutoCloseable {
    private static final long JULIAN_DAY_OF_1970 = 2_440_588L;
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ISO_LOCAL_DATE_TIME;

    private final Path file;
    private final ParquetFileReader parquet;
    private final MessageType schema;
    private final List<String> columns = new ArrayList<>();
    private @Nullable RecordReader<Group> group;
    private long left;

    private TableFileReader(Path file) throws IOException {
        this.file = file;
        this.parquet = ParquetFileReader.open(
                new LocalInputFile(file),
                ParquetReadOptions.builder(new PlainParquetConfiguration())
                        .withCodecFactory(Codecs.READING)
                        .usePageChecksumVerification(true)
                        .withUseHadoopVectoredIo(false)
                        .build());
        this.schema = parquet.getFileMetaData().getSchema();
        for (Type column : schema.getFields()) {
            columns.add(column.getName());
        }
    }

    /** Throws {@link DamagedFileException} for what is no Parquet file. */
    public static TableFileReader open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new java.nio.file.NoSuchFileException(file.toString());
        }
        try {
            return new TableFileReader(file);
        } catch (IOException | RuntimeException e) {
            throw damaged(file, e);
        }
    }

    private static DamagedFileException damaged(Path file, Exception cause) {
        String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return new DamagedFileException(file, "damaged or not a flat Parquet file: " + reason, cause);
    }

    /** Their names, in the order of the cells. */
    public List<String> columns() {
        return List.copyOf(columns);
    }

    /** The next row; null at the end. */
    public @Nullable List<@Nullable String> next() throws IOException {
        try {
            while (left == 0) {
                PageReadStore pages = parquet.readNextRowGroup();
                if (pages == null) {
                    return null;
                }
                left = pages.getRowCount();
                group = new ColumnIOFactory()
                        .getColumnIO(schema)
                        .getRecordReader(pages, new GroupRecordConverter(schema));
            }
            RecordReader<Group> reader = group;
            if (reader == null) {
                throw new IllegalStateException("no row group");
            }
            left--;
            Group row = reader.read();
            List<@Nullable String> cells = new ArrayList<>(columns.size());
            for (int i = 0; i < columns.size(); i++) {
                cells.add(cell(row, i));
            }
            return cells;
        } catch (IOException | RuntimeException e) {
            throw damaged(file, e);
        }
    }

    private @Nullable String cell(Group row, int index) {
        Type type = schema.getType(index);
        if (!type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED)) {
            return null;
        }
        if (row.getFieldRepetitionCount(index) == 0) {
            return null;
        }
        PrimitiveType primitive = type.asPrimitiveType();
        LogicalTypeAnnotation logical = primitive.getLogicalTypeAnnotation();
        return switch (primitive.getPrimitiveTypeName()) {
            case INT64 -> whole(row.getLong(index, 0), logical);
            case INT32 ->
                logical instanceof LogicalTypeAnnotation.DateLogicalTypeAnnotation
                        ? LocalDate.ofEpochDay(row.getInteger(index, 0)).toString()
                        : whole(row.getInteger(index, 0), logical);
            case BOOLEAN -> Boolean.toString(row.getBoolean(index, 0));
            case DOUBLE -> shortest(row.getDouble(index, 0));
            case FLOAT -> Float.toString(row.getFloat(index, 0));
            case INT96 -> int96(row.getInt96(index, 0).getBytes());
            case BINARY, FIXED_LEN_BYTE_ARRAY ->
                logical instanceof DecimalLogicalTypeAnnotation decimal
                        ? new BigDecimal(new BigInteger(row.getBinary(index, 0).getBytes()), decimal.getScale())
                                .toPlainString()
                        : row.getBinary(index, 0).toStringUsingUTF8();
        };
    }

    private static String whole(long value, @Nullable LogicalTypeAnnotation logical) {
        if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
            return BigDecimal.valueOf(value, decimal.getScale()).toPlainString();
        }
        if (logical instanceof TimestampLogicalTypeAnnotation time) {
            long unit = switch (time.getUnit()) {
                case MILLIS -> 1_000L;
                case MICROS -> 1_000_000L;
                case NANOS -> 1_000_000_000L;
            };
            Instant moment = Instant.ofEpochSecond(
                    Math.floorDiv(value, unit), Math.floorMod(value, unit) * (1_000_000_000L / unit));
            return time.isAdjustedToUTC() ? moment.toString() : LOCAL.format(moment.atOffset(java.time.ZoneOffset.UTC));
        }
        return Long.toString(value);
    }

    /** Nanoseconds of the day, then the Julian day; little-endian. */
    private static String int96(byte[] bytes) {
        java.nio.ByteBuffer parts = java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        long nanos = parts.getLong();
        long day = parts.getInt() - JULIAN_DAY_OF_1970;
        return Instant.ofEpochSecond(day * 86_400L, nanos).toString();
    }

    /** JDK 17's own text of a double is at times a digit too long. */
    static String shortest(double value) {
        String text = Double.toString(value);
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return text;
        }
        BigDecimal best = new BigDecimal(text);
        BigDecimal exact = new BigDecimal(value);
        for (int digits = best.stripTrailingZeros().precision() - 1; digits > 0; digits--) {
            BigDecimal shorter = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (shorter.doubleValue() != value) {
                break;
            }
            best = shorter;
        }
        return best.toString();
    }

    @Override
    public void close() throws IOException {
        parquet.close();
    }
}
