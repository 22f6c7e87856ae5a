package io.tidemark.lake.flight;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;

/**
 * A ticket for those who do not speak SQL: a JSON object that names a view, and if wanted columns, a range of event
 * times, a source and a symbol.
 *
 * <p>Becomes a SELECT like any other, so that the same checks and limits hold. Nothing of it is taken over into the
 * text unquoted.
 */
final class PlainTicket {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Set<String> FIELDS = Set.of("view", "columns", "from", "to", "source", "symbol");
    private static final int LONGEST = 64 << 10;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSSSS").withZone(ZoneOffset.UTC);

    private PlainTicket() {}

    /** Whether the bytes are meant to be one: tickets of Flight SQL never begin with a brace. */
    static boolean is(byte[] ticket) {
        return ticket.length > 0 && ticket[0] == '{';
    }

    /** The SELECT it stands for. Throws {@link FlightRuntimeException} saying what is wrong with it. */
    static String sql(byte[] ticket) {
        if (ticket.length > LONGEST) {
            throw wrong("it is longer than " + LONGEST + " bytes");
        }
        JsonNode node;
        try {
            node = JSON.readTree(new String(ticket, java.nio.charset.StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw wrong("it is no JSON object");
        }
        Set<String> unknown = new TreeSet<>();
        node.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(FIELDS);
        if (!unknown.isEmpty()) {
            throw wrong("it has a field \"" + unknown.iterator().next() + "\", which there is not");
        }
        String view = text(node, "view");
        if (!LakeViews.names().contains(view)) {
            throw wrong("its view is one of " + String.join(", ", LakeViews.names()));
        }
        List<String> conditions = new ArrayList<>();
        if (node.has("from")) {
            conditions.add("event_time >= " + time(node, "from"));
        }
        if (node.has("to")) {
            conditions.add("event_time < " + time(node, "to"));
        }
        for (String name : List.of("source", "symbol")) {
            if (node.has(name)) {
                conditions.add(name + " = '" + text(node, name).replace("'", "''") + "'");
            }
        }
        return "SELECT " + columns(node.path("columns")) + " FROM " + view
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
    }

    private static String columns(JsonNode columns) {
        if (columns.isMissingNode()) {
            return "*";
        }
        List<String> names = new ArrayList<>();
        for (JsonNode column : columns) {
            if (!column.isTextual()) {
                throw wrong("its columns are a list of names");
            }
            names.add(column.textValue());
        }
        if (names.isEmpty()) {
            throw wrong("its columns are a list of names");
        }
        return names.stream().map(LakeViews::quote).collect(Collectors.joining(", "));
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isTextual()) {
            throw wrong("its " + field + " is a text");
        }
        return value.textValue();
    }

    private static String time(JsonNode node, String field) {
        String text = text(node, field);
        try {
            return "TIMESTAMP_NS '" + TIME.format(Instant.parse(text)) + "'";
        } catch (DateTimeException e) {
            throw wrong("its " + field + " is a time such as 2024-08-08T23:00:00Z, not \"" + text + "\"");
        }
    }

    private static FlightRuntimeException wrong(String why) {
        return CallStatus.INVALID_ARGUMENT
                .withDescription("this ticket cannot be read: " + why)
                .toRuntimeException();
    }
}
