package io.tidemark.exchange.protocol.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.exchange.protocol.subscribed.Conversation;
import io.tidemark.exchange.protocol.subscribed.Decoded;
import io.tidemark.exchange.protocol.subscribed.Requests;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code subscribe}, {@code unsubscribe} and {@code ping} of Kraken's v1; a recording acknowledges itself. */
final class KrakenV1Conversation implements Conversation {
    private static final Set<String> CHANNELS = Set.of("book", "ohlc", "spread", "ticker", "trade");

    private final Set<String> symbols;
    private final Set<String> streams = new HashSet<>();

    KrakenV1Conversation(Set<String> symbols) {
        this.symbols = symbols;
    }

    @Override
    public Reply request(String text) {
        JsonNode request = Requests.object(text);
        if (request == null) {
            return reply(Set.of(), List.of("{\"errorMessage\":\"Malformed request\",\"event\":\"error\"}"));
        }
        return switch (request.path("event").asText()) {
            case "ping" -> {
                ObjectNode pong = Requests.JSON.createObjectNode().put("event", "pong");
                if (request.has("reqid")) {
                    pong.set("reqid", request.get("reqid"));
                }
                yield reply(Set.of(), List.of(pong.toString()));
            }
            case "subscribe" -> change(request, true);
            case "unsubscribe" -> change(request, false);
            default -> reply(Set.of(), List.of("{\"errorMessage\":\"Unknown event\",\"event\":\"error\"}"));
        };
    }

    private Reply change(JsonNode request, boolean add) {
        String channel = request.path("subscription").path("name").asText();
        Set<String> asked = new HashSet<>();
        List<String> answers = new ArrayList<>();
        for (String pair : Requests.texts(request.path("pair"))) {
            if (!CHANNELS.contains(channel)) {
                answers.add(refused(request, pair, "Subscription name invalid"));
            } else if (!symbols.contains(pair)) {
                answers.add(refused(request, pair, "Currency pair not supported " + pair));
            } else if (add) {
                streams.add(Decoded.stream(channel, pair));
                asked.add(Decoded.stream(channel, pair));
            } else {
                streams.remove(Decoded.stream(channel, pair));
            }
        }
        return reply(asked, answers);
    }

    private static String refused(JsonNode request, String pair, String message) {
        ObjectNode error = Requests.JSON.createObjectNode();
        error.put("errorMessage", message);
        error.put("event", "subscriptionStatus");
        error.put("pair", pair);
        error.put("status", "error");
        error.set("subscription", request.path("subscription"));
        if (request.has("reqid")) {
            error.set("reqid", request.get("reqid"));
        }
        return error.toString();
    }

    private Reply reply(Set<String> asked, List<String> answers) {
        return new Reply(Set.copyOf(streams), asked, answers);
    }
}
