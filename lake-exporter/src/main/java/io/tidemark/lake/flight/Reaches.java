package io.tidemark.lake.flight;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds in a checked statement's tree which part of each view it can want, so that other files need not be opened.
 *
 * <p>Understands conditions that every row must meet: comparisons of {@code event_time}, {@code source} and
 * {@code symbol} with constants, joined by AND, in the WHERE of a SELECT from that view alone. Whatever else is
 * there restricts nothing: the result is too large rather than too small. A view that is read in several places gets
 * the union.
 */
final class Reaches {
    private static final Set<String> COLUMNS = Set.of("event_time", "source", "symbol");

    private static final Pattern TIME =
            Pattern.compile("(\\d{4})-(\\d\\d)-(\\d\\d)(?:[ T](\\d\\d):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,9}))?Z?)?");

    /** A constant may be rounded to microseconds before it is compared. */
    private static final long ROUNDING = 1_000;

    private final Set<String> views;
    private final Map<String, Reach> found = new HashMap<>();

    private Reaches(Set<String> views) {
        this.views = views;
    }

    /** Of the views that the statement reads, each that is restricted at all. */
    static Map<String, Reach> of(JsonNode statement, Set<String> views) {
        Reaches reaches = new Reaches(views);
        reaches.walk(statement);
        reaches.found.values().removeIf(Reach.ALL::equals);
        return Map.copyOf(reaches.found);
    }

    private void walk(JsonNode node) {
        if (node.isObject()) {
            JsonNode from = node.path("from_table");
            boolean alone = "SELECT_NODE".equals(text(node, "type")) && isView(from);
            if (alone) {
                found.merge(name(from), reach(node, from), Reach::or);
            } else if (isView(node)) {
                found.merge(name(node), Reach.ALL, Reach::or);
            }
            node.properties().forEach(field -> {
                if (!alone || !field.getKey().equals("from_table")) {
                    walk(field.getValue());
                }
            });
        } else if (node.isArray()) {
            node.forEach(this::walk);
        }
    }

    private boolean isView(JsonNode node) {
        return "BASE_TABLE".equals(text(node, "type")) && views.contains(name(node));
    }

    private static String name(JsonNode table) {
        JsonNode path = table.path("qualified_name").path("path");
        return path.isEmpty() ? "" : path.get(path.size() - 1).asText().toLowerCase(Locale.ROOT);
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }

    private static Reach reach(JsonNode select, JsonNode from) {
        boolean sampled =
                select.path("sample").isObject() || from.path("sample").isObject();
        if (sampled || !from.path("column_name_alias").isEmpty()) {
            return Reach.ALL;
        }
        for (JsonNode item : select.path("select_list")) {
            // Such a name might be what a condition means.
            if (COLUMNS.contains(text(item, "alias").toLowerCase(Locale.ROOT))) {
                return Reach.ALL;
            }
        }
        String alias = text(from, "alias");
        return condition(select.path("where_clause"), (alias.isEmpty() ? name(from) : alias).toLowerCase(Locale.ROOT));
    }

    private static Reach condition(JsonNode node, String table) {
        return switch (text(node, "class")) {
            case "CONJUNCTION" -> {
                Reach all = Reach.ALL;
                if ("CONJUNCTION_AND".equals(text(node, "type"))) {
                    for (JsonNode child : node.path("children")) {
                        all = all.and(condition(child, table));
                    }
                }
                yield all;
            }
            case "COMPARISON" -> {
                String type = text(node, "type");
                Reach reach = comparison(column(node.path("left"), table), type, node.path("right"));
                yield reach.equals(Reach.ALL)
                        ? comparison(column(node.path("right"), table), mirrored(type), node.path("left"))
                        : reach;
            }
            case "BETWEEN" -> {
                String column = column(node.path("input"), table);
                yield comparison(column, "COMPARE_GREATERTHANOREQUALTO", node.path("lower"))
                        .and(comparison(column, "COMPARE_LESSTHANOREQUALTO", node.path("upper")));
            }
            case "OPERATOR" -> "COMPARE_IN".equals(text(node, "type")) ? in(node.path("children"), table) : Reach.ALL;
            default -> Reach.ALL;
        };
    }

    private static Reach in(JsonNode children, String table) {
        String column = children.isEmpty() ? "" : column(children.get(0), table);
        Set<String> names = new HashSet<>();
        for (int i = 1; i < children.size(); i++) {
            Optional<String> name = literal(children.get(i));
            if (name.isEmpty()) {
                return Reach.ALL;
            }
            names.add(name.get());
        }
        return names(column, names);
    }

    private static Reach names(String column, Set<String> names) {
        return switch (column) {
            case "source" -> new Reach(Long.MIN_VALUE, Long.MAX_VALUE, Optional.of(names), Optional.empty());
            case "symbol" -> new Reach(Long.MIN_VALUE, Long.MAX_VALUE, Optional.empty(), Optional.of(names));
            default -> Reach.ALL;
        };
    }

    /** The column's name where it is one of the view itself, else nothing. */
    private static String column(JsonNode node, String table) {
        JsonNode path = node.path("column_names");
        if (!"COLUMN_REF".equals(text(node, "class")) || path.isEmpty() || path.size() > 2) {
            return "";
        }
        if (path.size() == 2 && !path.get(0).asText().toLowerCase(Locale.ROOT).equals(table)) {
            // Of another table, such as one outside a subquery.
            return "";
        }
        String name = path.get(path.size() - 1).asText().toLowerCase(Locale.ROOT);
        return COLUMNS.contains(name) ? name : "";
    }

    private static String mirrored(String type) {
        return switch (type) {
            case "COMPARE_GREATERTHAN" -> "COMPARE_LESSTHAN";
            case "COMPARE_GREATERTHANOREQUALTO" -> "COMPARE_LESSTHANOREQUALTO";
            case "COMPARE_LESSTHAN" -> "COMPARE_GREATERTHAN";
            case "COMPARE_LESSTHANOREQUALTO" -> "COMPARE_GREATERTHANOREQUALTO";
            default -> type;
        };
    }

    private static Reach comparison(String column, String type, JsonNode constant) {
        if (column.equals("event_time")) {
            Optional<Long> nanos = time(constant);
            if (nanos.isEmpty()) {
                return Reach.ALL;
            }
            long low = nanos.get() - ROUNDING;
            long high = nanos.get() + ROUNDING;
            return switch (type) {
                case "COMPARE_GREATERTHAN", "COMPARE_GREATERTHANOREQUALTO" ->
                    new Reach(low, Long.MAX_VALUE, Optional.empty(), Optional.empty());
                case "COMPARE_LESSTHAN", "COMPARE_LESSTHANOREQUALTO" ->
                    new Reach(Long.MIN_VALUE, high, Optional.empty(), Optional.empty());
                case "COMPARE_EQUAL" -> new Reach(low, high, Optional.empty(), Optional.empty());
                default -> Reach.ALL;
            };
        }
        Optional<String> name = literal(constant);
        return type.equals("COMPARE_EQUAL") && name.isPresent() ? names(column, Set.of(name.get())) : Reach.ALL;
    }

    private static Optional<String> literal(JsonNode node) {
        JsonNode literal = node.path("literal");
        return "CONSTANT".equals(text(node, "class")) && "STRING".equals(text(literal, "kind"))
                ? Optional.of(text(literal, "text"))
                : Optional.empty();
    }

    /** A time as the engine reads it too, in one of the plain spellings. */
    private static Optional<Long> time(JsonNode node) {
        boolean cast = "CAST".equals(text(node, "class"));
        String type = cast ? text(node.path("type_expr"), "type_name").toUpperCase(Locale.ROOT) : "TIMESTAMP_NS";
        Optional<String> text = literal(cast ? node.path("child") : node);
        if (text.isEmpty() || !Set.of("TIMESTAMP", "TIMESTAMP_NS", "DATE").contains(type)) {
            return Optional.empty();
        }
        Matcher match = TIME.matcher(text.get());
        if (!match.matches() || (type.equals("DATE") && match.group(4) != null)) {
            return Optional.empty();
        }
        try {
            LocalDateTime time = LocalDateTime.of(
                    number(match, 1),
                    number(match, 2),
                    number(match, 3),
                    number(match, 4),
                    number(match, 5),
                    number(match, 6));
            String fraction = match.group(7) == null ? "" : match.group(7);
            long nanos = Long.parseLong((fraction + "000000000").substring(0, 9));
            return Optional.of(
                    Math.addExact(Math.multiplyExact(time.toEpochSecond(ZoneOffset.UTC), 1_000_000_000L), nanos));
        } catch (DateTimeException | ArithmeticException e) {
            // The engine will say what it thinks of it.
            return Optional.empty();
        }
    }

    private static int number(Matcher match, int group) {
        return match.group(group) == null ? 0 : Integer.parseInt(match.group(group));
    }
}
