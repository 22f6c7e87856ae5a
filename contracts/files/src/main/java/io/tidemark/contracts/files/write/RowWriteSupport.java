package io.tidemark.contracts.files.write;

import io.tidemark.contracts.files.schema.Column;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.schema.Row;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/** Hands rows to Parquet, column by column in the schema's order. */
final class RowWriteSupport extends WriteSupport<Row> {
    private final EventSchema schema;
    private final Supplier<Map<String, String>> finalMetadata;
    private RecordConsumer out;

    @SuppressWarnings("NullAway.Init") // Parquet calls prepareForWrite before the first row
    RowWriteSupport(EventSchema schema, Supplier<Map<String, String>> finalMetadata) {
        this.schema = schema;
        this.finalMetadata = finalMetadata;
    }

    @Override
    public String getName() {
        return "tidemark";
    }

    @Override
    public WriteContext init(Configuration configuration) {
        return context();
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
        return context();
    }

    private WriteContext context() {
        return new WriteContext(schema.message(), Map.of(EventSchema.METADATA_KEY, schema.name()));
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
        out = recordConsumer;
    }

    @Override
    public FinalizedWriteContext finalizeWrite() {
        return new FinalizedWriteContext(finalMetadata.get());
    }

    @Override
    public void write(Row row) {
        out.startMessage();
        List<Column> columns = schema.columns();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (row.has(column)) {
                out.startField(column.name(), i);
                write(row, column);
                out.endField(column.name(), i);
            }
        }
        out.endMessage();
    }

    private void write(Row row, Column column) {
        switch (column.kind()) {
            case INT64, TIME -> out.addLong(row.number(column));
            case INT32, DATE -> out.addInteger((int) row.number(column));
            case FLAG -> out.addBoolean(row.number(column) != 0);
            case TEXT, BYTES -> out.addBinary(Binary.fromConstantByteArray(row.bytes(column)));
            // The row's space is filled again for the next row, so Parquet must copy what it keeps.
            case DECIMAL -> out.addBinary(Binary.fromReusedByteArray(row.bytes(column)));
            case DECIMALS, TEXTS, INT64S -> writeList(row, column);
        }
    }

    private void writeList(Row row, Column column) {
        int count = row.count(column);
        out.startGroup();
        if (count > 0) {
            out.startField("list", 0);
            for (int i = 0; i < count; i++) {
                out.startGroup();
                out.startField("element", 0);
                switch (column.kind()) {
                    case DECIMALS -> out.addBinary(Binary.fromReusedByteArray(row.bytes(column), i * 16, 16));
                    case TEXTS ->
                        out.addBinary(
                                Binary.fromConstantByteArray(row.texts(column).get(i)));
                    default -> out.addLong(row.listNumber(column, i));
                }
                out.endField("element", 0);
                out.endGroup();
            }
            out.endField("list", 0);
        }
        out.endGroup();
    }
}
