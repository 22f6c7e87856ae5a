package io.tidemark.lake.flight;

import java.io.IOException;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.DuckDBResultSet;

/**
 * Checks a statement and finds out the types of its parameters and of its result, without running it.
 *
 * <p>The result's types are asked of the engine with {@code LIMIT 0}, so they are exactly those of the stream that
 * follows. A parameter has no value yet, and is NULL for that.
 */
final class Planner {
    private final BufferAllocator allocator;

    Planner(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    Plan plan(LakeEngine engine, DuckDBConnection connection, String sql, Watch watch) throws SQLException {
        Map<String, Reach> reaches =
                Reaches.of(engine.guard().check(connection, sql), engine.guard().views());
        engine.narrow(connection, reaches);
        String text = withoutEnd(sql);
        List<String> names;
        List<Field> parameters = new ArrayList<>();
        try (DuckDBPreparedStatement statement =
                connection.prepareStatement(text).unwrap(DuckDBPreparedStatement.class)) {
            ParameterMetaData asked = statement.getParameterMetaData();
            for (int i = 1; i <= asked.getParameterCount(); i++) {
                ArrowType type = ArrowColumns.parameter(asked.getParameterTypeName(i));
                parameters.add(new Field("parameter_" + i, FieldType.nullable(type), null));
            }
            names = names(statement.getMetaData());
        }
        List<Field> fields;
        try {
            fields = types(connection, text, parameters.size(), watch);
        } catch (SQLException e) {
            if (text.indexOf(';') < 0) {
                throw e;
            }
            // A comment behind the final semicolon: the engine's own spelling of the statement has neither.
            text = respelled(connection, text);
            fields = types(connection, text, parameters.size(), watch);
        }
        if (names.size() != fields.size()) {
            // Parameters without a type leave the engine without names until they are bound.
            names = fields.stream().map(Field::getName).toList();
        }
        if (fields.stream().anyMatch(ArrowColumns::encoded)) {
            text = cast(text, names, fields);
            fields = types(connection, text, parameters.size(), watch);
        }
        return new Plan(text, reaches, new Schema(described(fields, names)), new Schema(parameters));
    }

    /** Fields under the client's own column names. */
    static List<Field> described(List<Field> fields, List<String> names) {
        return IntStream.range(0, fields.size())
                .mapToObj(i -> ArrowColumns.described(fields.get(i), names.get(i), null))
                .toList();
    }

    private static List<String> names(ResultSetMetaData columns) throws SQLException {
        List<String> names = new ArrayList<>();
        for (int i = 1; columns != null && i <= columns.getColumnCount(); i++) {
            if ("UNKNOWN".equals(columns.getColumnTypeName(i))) {
                return List.of();
            }
            names.add(columns.getColumnName(i));
        }
        return names;
    }

    private List<Field> types(DuckDBConnection connection, String text, int parameters, Watch watch)
            throws SQLException {
        try (DuckDBPreparedStatement statement = connection
                .prepareStatement("SELECT * FROM (\n" + text + "\n) LIMIT 0")
                .unwrap(DuckDBPreparedStatement.class)) {
            Parameters.nulls(parameters).bind(statement);
            watch.run(statement);
            try (DuckDBResultSet rows = statement.executeQuery().unwrap(DuckDBResultSet.class);
                    ArrowReader reader = (ArrowReader) rows.arrowExportStream(allocator, 1)) {
                return reader.getVectorSchemaRoot().getSchema().getFields();
            } catch (IOException e) {
                throw new SQLException("the types of the result cannot be read", e);
            }
        }
    }

    private static String respelled(DuckDBConnection connection, String text) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT json_deserialize_sql(json_serialize_sql(CAST(? AS VARCHAR)))")) {
            statement.setString(1, text);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    /** Arrow clients stumble over dictionaries, which is what the engine makes of ENUM. */
    private static String cast(String text, List<String> names, List<Field> fields) {
        String columns = IntStream.range(0, fields.size())
                .mapToObj(i -> {
                    String column = ArrowColumns.encoded(fields.get(i)) ? "CAST(c" + i + " AS VARCHAR)" : "c" + i;
                    return column + " AS " + LakeViews.quote(names.get(i));
                })
                .collect(Collectors.joining(", "));
        String aliases =
                IntStream.range(0, fields.size()).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
        return "SELECT " + columns + " FROM (\n" + text + "\n) AS result(" + aliases + ")";
    }

    private static String withoutEnd(String sql) {
        int end = sql.length();
        while (end > 0 && (Character.isWhitespace(sql.charAt(end - 1)) || sql.charAt(end - 1) == ';')) {
            end--;
        }
        return sql.substring(0, end);
    }
}
