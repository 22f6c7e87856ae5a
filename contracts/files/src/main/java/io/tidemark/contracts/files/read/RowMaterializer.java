package io.tidemark.contracts.files.read;

import io.tidemark.contracts.files.schema.Column;
import io.tidemark.contracts.files.schema.Row;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;

/** Fills one reused row with what Parquet reads. */
final class RowMaterializer extends RecordMaterializer<Row> {
    private final Row row = new Row();
    private final GroupConverter root;

    /** @param columns in the order of the requested schema */
    RowMaterializer(List<Column> columns) {
        Converter[] converters = columns.stream()
                .map(column -> column.kind().isList() ? new ListConverter(row, column) : new Value(row, column))
                .toArray(Converter[]::new);
        root = new GroupConverter() {
            @Override
            public Converter getConverter(int fieldIndex) {
                return converters[fieldIndex];
            }

            @Override
            public void start() {
                row.clear();
            }

            @Override
            public void end() {}
        };
    }

    @Override
    public Row getCurrentRecord() {
        return row;
    }

    @Override
    public GroupConverter getRootConverter() {
        return root;
    }

    private static final class Value extends PrimitiveConverter {
        private final Row row;
        private final Column column;

        Value(Row row, Column column) {
            this.row = row;
            this.column = column;
        }

        @Override
        public void addLong(long value) {
            row.number(column, value);
        }

        @Override
        public void addInt(int value) {
            row.number(column, value);
        }

        @Override
        public void addBoolean(boolean value) {
            row.number(column, value ? 1 : 0);
        }

        @Override
        public void addBinary(Binary value) {
            row.bytes(column, value.getBytes());
        }
    }

    /** The three levels of a standard list: the field, its repeated group, the element. */
    private static final class ListConverter extends GroupConverter {
        private final Row row;
        private final Column column;
        private final GroupConverter repeated;

        ListConverter(Row row, Column column) {
            this.row = row;
            this.column = column;
            Converter element = new PrimitiveConverter() {
                @Override
                public void addBinary(Binary value) {
                    if (column.kind() == Column.Kind.TEXTS) {
                        row.texts(column).add(value.getBytes());
                    } else {
                        int offset = row.appendSpace(column, value.length());
                        System.arraycopy(value.getBytesUnsafe(), 0, row.bytes(column), offset, value.length());
                    }
                }

                @Override
                public void addLong(long value) {
                    row.appendNumber(column, value);
                }
            };
            repeated = new GroupConverter() {
                @Override
                public Converter getConverter(int fieldIndex) {
                    return element;
                }

                @Override
                public void start() {}

                @Override
                public void end() {}
            };
        }

        @Override
        public Converter getConverter(int fieldIndex) {
            return repeated;
        }

        @Override
        public void start() {
            if (column.kind() == Column.Kind.TEXTS) {
                row.texts(column, new ArrayList<>());
            } else {
                row.beginList(column);
            }
        }

        @Override
        public void end() {}
    }
}
