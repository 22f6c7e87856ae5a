package io.tidemark.lake.flight;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Lets a single SELECT over the lake's views pass and nothing else.
 *
 * <p>The engine's own parser turns the text into a tree ({@code json_serialize_sql}), and every node of the tree
 * must be of a kind on the lists below. That the parser calls it a SELECT is not enough: a common table expression
 * may hold a COPY, an INSERT or a DELETE, a table may be the name of a file, and a function may read one. What
 * the lists do not name is refused, also what a later engine adds.
 */
final class SqlGuard {
    /** Longest statement that is looked at, in characters. */
    static final int MAX_LENGTH = 1 << 20;

    private static final Set<String> QUERIES =
            Set.of("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE");

    private static final Set<String> TABLES =
            Set.of("BASE_TABLE", "JOIN", "SUBQUERY", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY", "PIVOT", "SHOW_REF");

    private static final Set<String> MODIFIERS = Set.of(
            "ORDER_MODIFIER",
            "LIMIT_MODIFIER",
            "LIMIT_PERCENT_MODIFIER",
            "DISTINCT_MODIFIER",
            "ORDER_DEFAULT",
            "ASCENDING",
            "DESCENDING");

    private static final Set<String> EXPRESSIONS = Set.of(
            "BETWEEN",
            "CASE",
            "CAST",
            "COLLATE",
            "COLUMN_REF",
            "COMPARISON",
            "CONJUNCTION",
            "CONSTANT",
            "FUNCTION",
            "LAMBDA",
            "LAMBDA_REF",
            "OPERATOR",
            "PARAMETER",
            "POSITIONAL_REFERENCE",
            "STAR",
            "SUBQUERY",
            "TYPE",
            "WINDOW");

    /** Tables of the information schema that say nothing about files. */
    private static final Set<String> INFORMATION = Set.of("tables", "columns", "schemata");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String catalog;
    private final String schema;
    private final Set<String> views;

    /** The names that a query may read, all in lower case. */
    SqlGuard(String catalog, String schema, Set<String> views) {
        this.catalog = catalog;
        this.schema = schema;
        this.views = Set.copyOf(views);
    }

    /** The statement's tree. Throws {@link RefusedException} unless it may run. */
    JsonNode check(Connection connection, String sql) throws SQLException {
        if (sql.length() > MAX_LENGTH) {
            throw RefusedException.notAllowed("the statement is longer than " + MAX_LENGTH + " characters");
        }
        if (sql.indexOf('\0') >= 0) {
            throw RefusedException.malformed("the statement holds a zero character");
        }
        JsonNode tree = parse(connection, sql);
        if (tree.path("error").asBoolean(true)) {
            String message = tree.path("error_message").asText("cannot be parsed");
            if ("not implemented".equals(tree.path("error_type").asText())) {
                throw RefusedException.notAllowed("only a single SELECT is run here (" + message + ")");
            }
            throw RefusedException.malformed(message);
        }
        JsonNode statements = tree.path("statements");
        if (statements.size() != 1) {
            throw statements.isEmpty()
                    ? RefusedException.malformed("the statement is empty")
                    : RefusedException.notAllowed(
                            "only a single SELECT is run here, not " + statements.size() + " statements at once");
        }
        JsonNode node = statements.get(0).path("node");
        if (!QUERIES.contains(node.path("type").asText())) {
            throw RefusedException.notAllowed("only a single SELECT is run here");
        }
        walk(node, Set.of());
        return node;
    }

    /** The names that a query may read. */
    Set<String> views() {
        return views;
    }

    private static JsonNode parse(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT json_serialize_sql(CAST(? AS VARCHAR))::VARCHAR")) {
            statement.setString(1, sql);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return JSON.readTree(rows.getString(1));
            }
        } catch (JsonProcessingException e) {
            throw RefusedException.notAllowed("the statement is nested too deeply");
        }
    }

    private void walk(JsonNode node, Set<String> names) {
        if (node.isArray()) {
            node.forEach(child -> walk(child, names));
            return;
        }
        if (!node.isObject()) {
            return;
        }
        if (node.has("info_type")) {
            throw RefusedException.notAllowed("only SELECT is run here");
        }
        JsonNode type = node.path("type");
        Set<String> inside = names;
        if (node.has("class")) {
            expression(node);
        } else if (type.isTextual()) {
            String kind = type.textValue();
            if (QUERIES.contains(kind)) {
                query(node, names);
                return;
            }
            if (TABLES.contains(kind)) {
                table(node, kind, names);
            } else if (!MODIFIERS.contains(kind)) {
                throw RefusedException.notAllowed("only SELECT is run here, and this holds a "
                        + kind.toLowerCase(Locale.ROOT)
                                .replace("_query_node", "")
                                .replace('_', ' '));
            }
        }
        for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
            walk(fields.next().getValue(), inside);
        }
    }

    /**
     * A query and its common table expressions. A name is known only where the engine knows it too; elsewhere the
     * engine would take the same name for a system table or a file.
     */
    private void query(JsonNode node, Set<String> names) {
        Set<String> known = new HashSet<>(names);
        for (JsonNode entry : node.path("cte_map").path("map")) {
            String name = lower(entry.path("key").asText());
            JsonNode body = entry.path("value");
            for (Iterator<Map.Entry<String, JsonNode>> fields = body.fields(); fields.hasNext(); ) {
                walk(fields.next().getValue(), Set.copyOf(known));
            }
            known.add(name);
        }
        boolean recursive = "RECURSIVE_CTE_NODE".equals(node.path("type").asText());
        for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            if ("cte_map".equals(field.getKey())) {
                continue;
            }
            Set<String> scope = Set.copyOf(known);
            if (recursive && "right".equals(field.getKey())) {
                Set<String> itself = new HashSet<>(known);
                itself.add(lower(node.path("cte_name").asText()));
                scope = Set.copyOf(itself);
            } else if ("child".equals(field.getKey()) && node.has("ctename")) {
                Set<String> outer = new HashSet<>(known);
                outer.add(lower(node.path("ctename").asText()));
                scope = Set.copyOf(outer);
            }
            walk(field.getValue(), scope);
        }
    }

    private void table(JsonNode node, String kind, Set<String> names) {
        switch (kind) {
            case "BASE_TABLE" -> baseTable(node, names);
            case "TABLE_FUNCTION" -> {
                JsonNode function = node.path("function");
                String name = function.path("function_name").asText();
                if (!AllowedFunctions.table(name) || path(function).size() != 1) {
                    throw RefusedException.notAllowed("the table function " + name + " is not available here");
                }
            }
            case "SHOW_REF" -> {
                boolean described = node.path("query").isObject()
                        && Set.of("DESCRIBE", "SUMMARY")
                                .contains(node.path("show_type").asText());
                if (!described && !"\"tables\"".equals(node.path("table_name").asText())) {
                    throw RefusedException.notAllowed("of SHOW only SHOW TABLES is available here");
                }
            }
            default -> {
                // Walked like any other node.
            }
        }
    }

    private void baseTable(JsonNode node, Set<String> names) {
        if (!node.path("at_clause").isNull() && !node.path("at_clause").isMissingNode()) {
            throw RefusedException.notAllowed("AT is not available here");
        }
        List<String> path = path(node);
        boolean known = switch (path.size()) {
            case 1 -> names.contains(path.get(0)) || views.contains(path.get(0));
            case 2 -> {
                String owner = path.get(0);
                boolean view = (owner.equals(schema) || owner.equals(catalog)) && views.contains(path.get(1));
                yield view || (owner.equals("information_schema") && INFORMATION.contains(path.get(1)));
            }
            case 3 -> path.get(0).equals(catalog) && path.get(1).equals(schema) && views.contains(path.get(2));
            default -> false;
        };
        if (!known) {
            throw RefusedException.notAllowed(
                    "there is no table \"" + String.join(".", path) + "\"; SHOW TABLES lists what can be read");
        }
    }

    private static void expression(JsonNode node) {
        String kind = node.path("class").asText();
        if (!EXPRESSIONS.contains(kind)) {
            throw RefusedException.notAllowed(
                    "an expression of the kind " + kind.toLowerCase(Locale.ROOT) + " is not available here");
        }
        switch (kind) {
            case "FUNCTION", "WINDOW" -> {
                String name = node.path("function_name").asText();
                boolean allowed = AllowedFunctions.scalar(name) || AllowedFunctions.table(name);
                if (!allowed || path(node).size() > 1) {
                    throw RefusedException.notAllowed("the function " + name + " is not available here");
                }
                if (node.path("export_state").asBoolean(false)) {
                    throw RefusedException.notAllowed("EXPORT_STATE is not available here");
                }
            }
            case "TYPE" -> {
                String name = node.path("type_name").asText();
                if (!AllowedFunctions.type(name) || path(node).size() > 1) {
                    throw RefusedException.notAllowed("the type " + name + " is not available here");
                }
            }
            default -> {
                // Walked like any other node.
            }
        }
    }

    private static List<String> path(JsonNode node) {
        List<String> path = new ArrayList<>();
        node.path("qualified_name").path("path").forEach(part -> path.add(lower(part.asText())));
        return path;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
