package io.tidemark.exchange.protocol.coinbase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.exchange.protocol.subscribed.Conversation;
import io.tidemark.exchange.protocol.subscribed.Decoded;
import io.tidemark.exchange.protocol.subscribed.Requests;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code subscribe} and {@code unsubscribe} of Coinbase Exchange, with channels as names or objects. */
final class CoinbaseConversation implements Conversation {
    private static final Set<String> CHANNELS = Set.of(
            "heartbeat",
            "status",
            "ticker",
            "ticker_batch",
            "level2",
            "level2_batch",
            "level2_50",
            "matches",
            "full",
            "user",
            "rfq_matches",
            "auctionfeed",
            "balance");

    private final Set<String> symbols;
    private final boolean acknowledges;
    /** Products by the channel's name as the client spelled it. */
    private final Map<String, Set<String>> subscribed = new LinkedHashMap<>();

    CoinbaseConversation(Set<String> symbols, boolean acknowledges) {
        this.symbols = symbols;
        this.acknowledges = acknowledges;
    }

    @Override
    public Reply request(String text) {
        JsonNode request = Requests.object(text);
        if (request == null) {
            return refused("Malformed JSON", "");
        }
        String type = request.path("type").asText();
        boolean add = type.equals("subscribe");
        if (!add && !type.equals("unsubscribe")) {
            return refused("Type has to be either subscribe or unsubscribe", "");
        }
        List<String> products = Requests.texts(request.path("product_ids"));
        Map<String, List<String>> wanted = new LinkedHashMap<>();
        for (JsonNode channel : request.path("channels")) {
            List<String> own = new ArrayList<>(products);
            own.addAll(Requests.texts(channel.path("product_ids")));
            wanted.put(
                    channel.isTextual()
                            ? channel.asText()
                            : channel.path("name").asText(),
                    own);
        }
        if (wanted.isEmpty()) {
            return refused("Failed to subscribe", "channels is required");
        }
        for (Map.Entry<String, List<String>> channel : wanted.entrySet()) {
            if (!CHANNELS.contains(channel.getKey())) {
                return refused("Failed to subscribe", channel.getKey() + " is not a valid channel");
            }
            for (String product : channel.getValue()) {
                if (add && !symbols.contains(product)) {
                    return refused("Failed to subscribe", product + " is not a valid product");
                }
            }
        }
        Set<String> asked = new HashSet<>();
        wanted.forEach((channel, own) -> {
            if (add) {
                subscribed.computeIfAbsent(channel, c -> new LinkedHashSet<>()).addAll(own);
                own.forEach(product -> asked.add(stream(channel, product)));
            } else if (own.isEmpty()) {
                subscribed.remove(channel);
            } else {
                subscribed.getOrDefault(channel, new HashSet<>()).removeAll(Set.copyOf(own));
            }
        });
        subscribed.values().removeIf(Set::isEmpty);
        return new Reply(streams(), asked, acknowledges ? List.of(subscriptions()) : List.of());
    }

    private Reply refused(String message, String reason) {
        ObjectNode error = Requests.JSON.createObjectNode();
        error.put("type", "error");
        error.put("message", message);
        if (!reason.isEmpty()) {
            error.put("reason", reason);
        }
        return new Reply(streams(), Set.of(), List.of(error.toString()));
    }

    private Set<String> streams() {
        Set<String> streams = new HashSet<>();
        subscribed.forEach((channel, products) -> products.forEach(product -> streams.add(stream(channel, product))));
        return streams;
    }

    private static String stream(String channel, String product) {
        return Decoded.stream(CoinbaseExchange.channel(channel), product);
    }

    private String subscriptions() {
        ObjectNode answer = Requests.JSON.createObjectNode();
        answer.put("type", "subscriptions");
        ArrayNode channels = answer.putArray("channels");
        subscribed.forEach((channel, products) -> {
            ObjectNode node = channels.addObject();
            node.put("name", channel);
            products.forEach(node.putArray("product_ids")::add);
        });
        return answer.toString();
    }
}
