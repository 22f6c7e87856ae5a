package io.tidemark.exchange.protocol.binance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one client is subscribed to, and the requests by which it changes that (source: Binance spot
 * API documentation, {@code web-socket-streams.md}, "Live Subscribing/Unsubscribing to streams").
 * Event loop only.
 */
final class Subscriptions {
    /** Binance's limit of streams in one connection. */
    static final int MOST_STREAMS = 1_024;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The name as the client spelled it, by its normal spelling. */
    private final Map<String, String> streams = new LinkedHashMap<>();

    private volatile boolean combined;

    Subscriptions(Collection<String> names, boolean combined) {
        names.forEach(name -> streams.put(StreamName.normal(name), name));
        this.combined = combined;
    }

    /** Whether frames are wrapped with the name of their stream; read by the emission's thread. */
    boolean combined() {
        return combined;
    }

    Set<String> names() {
        return Set.copyOf(streams.keySet());
    }

    /** Obeys one request and returns the answer for the client. */
    String request(String text) {
        JsonNode request;
        try {
            request = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return error(3, "Invalid JSON: " + e.getOriginalMessage(), null);
        }
        if (request == null || !request.isObject()) {
            return error(2, "Invalid request: expected an object", null);
        }
        JsonNode id = request.get("id");
        if (id != null && !(id.isNull() || id.isTextual() || id.isIntegralNumber())) {
            return error(2, "Invalid request: request ID must be an unsigned integer", null);
        }
        JsonNode method = request.get("method");
        if (method == null || !method.isTextual()) {
            return error(2, "Invalid request: missing field `method`", id);
        }
        JsonNode params = request.path("params");
        return switch (method.asText()) {
            case "SUBSCRIBE" -> change(params, id, true);
            case "UNSUBSCRIBE" -> change(params, id, false);
            case "LIST_SUBSCRIPTIONS" -> list(id);
            case "SET_PROPERTY" -> setProperty(params, id);
            case "GET_PROPERTY" ->
                "combined".equals(params.path(0).asText())
                        ? result(JSON.getNodeFactory().booleanNode(combined), id)
                        : error(0, "Unknown property", id);
            default ->
                error(
                        2,
                        "Invalid request: unknown variant `" + method.asText()
                                + "`, expected one of `SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, `SET_PROPERTY`,"
                                + " `GET_PROPERTY`",
                        id);
        };
    }

    private String change(JsonNode params, @Nullable JsonNode id, boolean add) {
        if (!params.isArray()) {
            return error(2, "Invalid request: missing field `params`", id);
        }
        List<String> names = new ArrayList<>();
        for (JsonNode param : params) {
            if (!param.isTextual()) {
                return error(2, "Invalid request: params must be strings", id);
            }
            names.add(param.asText());
        }
        if (add && streams.size() + names.size() > MOST_STREAMS) {
            return error(2, "Invalid request: too many parameters", id);
        }
        for (String name : names) {
            if (add) {
                streams.putIfAbsent(StreamName.normal(name), name);
            } else {
                streams.remove(StreamName.normal(name));
            }
        }
        return result(null, id);
    }

    private String list(@Nullable JsonNode id) {
        var names = JSON.createArrayNode();
        streams.values().forEach(names::add);
        return result(names, id);
    }

    private String setProperty(JsonNode params, @Nullable JsonNode id) {
        if (!"combined".equals(params.path(0).asText())) {
            return error(0, "Unknown property", id);
        }
        if (!params.path(1).isBoolean()) {
            return error(1, "Invalid value type: expected Boolean", id);
        }
        combined = params.path(1).asBoolean();
        return result(null, id);
    }

    private static String result(@Nullable JsonNode result, @Nullable JsonNode id) {
        ObjectNode answer = JSON.createObjectNode();
        answer.set("result", result == null ? JSON.nullNode() : result);
        answer.set("id", id == null ? JSON.nullNode() : id);
        return answer.toString();
    }

    private static String error(int code, String message, @Nullable JsonNode id) {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("code", code);
        answer.put("msg", message);
        if (id != null) {
            answer.set("id", id);
        }
        return answer.toString();
    }
}
