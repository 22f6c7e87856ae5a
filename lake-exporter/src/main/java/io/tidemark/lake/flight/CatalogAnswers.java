package io.tidemark.lake.flight;

import com.google.protobuf.ProtocolStringList;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.flight.sql.FlightSqlProducer.Schemas;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetDbSchemas;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetTables;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/** What clients are told about catalogues, schemas and tables: one of each of the first two, and the views. */
final class CatalogAnswers {
    private static final String TABLE_TYPE = "VIEW";

    private final BufferAllocator allocator;

    CatalogAnswers(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    void catalogs(ServerStreamListener client) {
        send(client, Schemas.GET_CATALOGS_SCHEMA, List.of(List.of(LakeEngine.CATALOG)));
    }

    void schemas(CommandGetDbSchemas asked, ServerStreamListener client) {
        boolean wanted = (!asked.hasCatalog() || asked.getCatalog().equals(LakeEngine.CATALOG))
                && (!asked.hasDbSchemaFilterPattern()
                        || like(asked.getDbSchemaFilterPattern())
                                .matcher(LakeEngine.SCHEMA)
                                .matches());
        send(
                client,
                Schemas.GET_SCHEMAS_SCHEMA,
                wanted ? List.of(List.of(LakeEngine.CATALOG, LakeEngine.SCHEMA)) : List.of());
    }

    void tableTypes(ServerStreamListener client) {
        send(client, Schemas.GET_TABLE_TYPES_SCHEMA, List.of(List.of(TABLE_TYPE)));
    }

    void tables(CommandGetTables asked, Map<String, Schema> tables, ServerStreamListener client) {
        ProtocolStringList types = asked.getTableTypesList();
        boolean any = (!asked.hasCatalog() || asked.getCatalog().equals(LakeEngine.CATALOG))
                && (!asked.hasDbSchemaFilterPattern()
                        || like(asked.getDbSchemaFilterPattern())
                                .matcher(LakeEngine.SCHEMA)
                                .matches())
                && (types.isEmpty() || types.contains(TABLE_TYPE));
        Pattern name = like(asked.hasTableNameFilterPattern() ? asked.getTableNameFilterPattern() : "%");
        boolean withSchema = asked.getIncludeSchema();
        List<List<Object>> rows = tables.entrySet().stream()
                .filter(table -> any && name.matcher(table.getKey()).matches())
                .map(table -> row(table.getKey(), table.getValue(), withSchema))
                .toList();
        send(client, withSchema ? Schemas.GET_TABLES_SCHEMA : Schemas.GET_TABLES_SCHEMA_NO_SCHEMA, rows);
    }

    /** An answer without rows, such as the keys of views. */
    void nothing(Schema schema, ServerStreamListener client) {
        send(client, schema, List.of());
    }

    private static List<Object> row(String table, Schema schema, boolean withSchema) {
        List<Object> head = List.of(LakeEngine.CATALOG, LakeEngine.SCHEMA, table, TABLE_TYPE);
        if (!withSchema) {
            return head;
        }
        return List.of(head.get(0), head.get(1), head.get(2), head.get(3), schema.serializeAsMessage());
    }

    private void send(ServerStreamListener client, Schema schema, List<? extends List<?>> rows) {
        try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
            client.start(root);
            root.allocateNew();
            for (int r = 0; r < rows.size(); r++) {
                List<?> row = rows.get(r);
                for (int c = 0; c < row.size(); c++) {
                    set(root.getVector(c), r, row.get(c));
                }
            }
            root.setRowCount(rows.size());
            client.putNext();
            client.completed();
        }
    }

    private static void set(FieldVector vector, int row, Object value) {
        if (vector instanceof VarCharVector text) {
            text.setSafe(row, value.toString().getBytes(StandardCharsets.UTF_8));
        } else if (vector instanceof VarBinaryVector bytes && value instanceof byte[] content) {
            bytes.setSafe(row, content);
        } else {
            throw new IllegalStateException("no value of this type belongs into " + vector.getField());
        }
    }

    /** SQL's {@code LIKE}: any run of characters, any one character, and a backslash before either. */
    static Pattern like(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\' && i + 1 < pattern.length()) {
                i++;
                regex.append(Pattern.quote(String.valueOf(pattern.charAt(i))));
            } else if (c == '%') {
                regex.append(".*");
            } else if (c == '_') {
                regex.append('.');
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
