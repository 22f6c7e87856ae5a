package io.tidemark.contracts.files.read;

import io.tidemark.contracts.files.Codecs;
import io.tidemark.contracts.files.DamagedFileException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads a flat Parquet table that somebody else wrote, every value as the text that a CSV file would have for it.
 *
 * <p>Timestamps become milliseconds; one that has more is given with a fraction, which no reader of whole numbers
 * takes. Nested columns are refused when opening. Holds one row group. Not thread-safe.
 */
public final class TableReader implements AutoCloseable {
    private final Path file;
    private final ParquetFileReader parquet;
    private final List<String> names;
    private final @Nullable String[] row;
    private @Nullable RecordReader<Boolean> group;
    private long left;

    private TableReader(Path file) throws IOException {
        this.file = file;
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        ParquetFileReader opened = null;
        try {
            opened = ParquetFileReader.open(
                    new LocalInputFile(file),
                    ParquetReadOptions.builder(new PlainParquetConfiguration())
                            .withCodecFactory(Codecs.READING)
                            .usePageChecksumVerification(true)
                            .withUseHadoopVectoredIo(false)
                            .build());
            MessageType schema = opened.getFileMetaData().getSchema();
            names = schema.getFields().stream().map(Type::getName).toList();
            for (Type field : schema.getFields()) {
                if (!field.isPrimitive() || field.isRepetition(Type.Repetition.REPEATED)) {
                    throw new IOException("column " + field.getName() + " is nested; only flat columns can be read");
                }
            }
        } catch (IOException | RuntimeException e) {
            if (opened != null) {
                opened.close();
            }
            throw damaged(e);
        }
        parquet = opened;
        row = new @Nullable String[names.size()];
    }

    /** Throws {@link DamagedFileException} for anything but a flat Parquet file. */
    public static TableReader open(Path file) throws IOException {
        return new TableReader(file);
    }

    private DamagedFileException damaged(Exception cause) {
        String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return new DamagedFileException(file, "cannot be read as a Parquet table: " + reason, cause);
    }

    public List<String> names() {
        return names;
    }

    /** The next row, in the order of {@link #names}; null at the end. */
    public @Nullable List<@Nullable String> next() throws IOException {
        try {
            while (left == 0) {
                PageReadStore pages = parquet.readNextRowGroup();
                if (pages == null) {
                    return null;
                }
                left = pages.getRowCount();
                MessageType schema = parquet.getFileMetaData().getSchema();
                group = new ColumnIOFactory().getColumnIO(schema).getRecordReader(pages, new Materializer(schema));
            }
            RecordReader<Boolean> reader = group;
            if (reader == null) {
                throw new IllegalStateException("no row group");
            }
            reader.read();
            left--;
            return new ArrayList<>(Arrays.asList(row));
        } catch (IOException | RuntimeException e) {
            throw damaged(e);
        }
    }

    @Override
    public void close() throws IOException {
        parquet.close();
    }

    private final class Materializer extends RecordMaterializer<Boolean> {
        private final GroupConverter root;

        Materializer(MessageType schema) {
            List<Converter> converters = new ArrayList<>();
            for (int i = 0; i < schema.getFieldCount(); i++) {
                converters.add(new Value(i, schema.getType(i).asPrimitiveType()));
            }
            root = new GroupConverter() {
                @Override
                public Converter getConverter(int fieldIndex) {
                    return converters.get(fieldIndex);
                }

                @Override
                public void start() {
                    Arrays.fill(row, null);
                }

                @Override
                public void end() {}
            };
        }

        @Override
        public Boolean getCurrentRecord() {
            return true;
        }

        @Override
        public GroupConverter getRootConverter() {
            return root;
        }
    }

    private final class Value extends PrimitiveConverter {
        private final int place;
        private final @Nullable LogicalTypeAnnotation meaning;
        private final PrimitiveType type;

        Value(int place, PrimitiveType type) {
            this.place = place;
            this.type = type;
            this.meaning = type.getLogicalTypeAnnotation();
        }

        @Override
        public void addLong(long value) {
            if (meaning instanceof TimestampLogicalTypeAnnotation time) {
                int digits = switch (time.getUnit()) {
                    case MILLIS -> 0;
                    case MICROS -> 3;
                    case NANOS -> 6;
                };
                row[place] =
                        BigDecimal.valueOf(value, digits).stripTrailingZeros().toPlainString();
            } else if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
                row[place] = BigDecimal.valueOf(value, decimal.getScale()).toPlainString();
            } else {
                row[place] = Long.toString(value);
            }
        }

        @Override
        public void addInt(int value) {
            addLong(value);
        }

        @Override
        public void addBoolean(boolean value) {
            row[place] = Boolean.toString(value);
        }

        @Override
        public void addDouble(double value) {
            boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
            row[place] = whole ? Long.toString((long) value) : Double.toString(value);
        }

        @Override
        public void addFloat(float value) {
            row[place] = Float.toString(value);
        }

        @Override
        public void addBinary(Binary value) {
            if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
                row[place] = new BigDecimal(new BigInteger(value.getBytes()), decimal.getScale()).toPlainString();
            } else if (type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT96) {
                throw new IllegalArgumentException("column " + type.getName() + " is of the retired type INT96");
            } else {
                row[place] = value.toStringUsingUTF8();
            }
        }
    }
}
