package io.tidemark.exchange.protocol.coinbase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.exchange.emission.Frame;
import io.tidemark.exchange.protocol.subscribed.Conversation;
import io.tidemark.exchange.protocol.subscribed.Decoded;
import io.tidemark.exchange.protocol.subscribed.Requests;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code subscribe} and {@code unsubscribe} of Coinbase Advanced Trade, one channel a message.
 *
 * <p>{@code sequence_num} counts the frames of the connection from 0, as the venue does it: of a
 * recording received from its beginning with all its channels not a byte changes; after a reconnect, or
 * with fewer channels, the numbers are those of the new connection.
 */
final class AdvancedConversation implements Conversation {
    private static final String SEQUENCE = "\"sequence_num\":";
    private static final Set<String> CHANNELS =
            Set.of("heartbeats", "candles", "status", "ticker", "ticker_batch", "level2", "market_trades", "user");
    private static final Set<String> WITHOUT_PRODUCT = Set.of("heartbeats", "status", "user");

    private final Set<String> symbols;
    private final Set<String> streams = new HashSet<>();
    private long sequence;

    AdvancedConversation(Set<String> symbols) {
        this.symbols = symbols;
    }

    @Override
    public Reply request(String text) {
        JsonNode request = Requests.object(text);
        String type = request == null ? "" : request.path("type").asText();
        boolean add = type.equals("subscribe");
        if (request == null || (!add && !type.equals("unsubscribe"))) {
            return refused("failed to parse request");
        }
        String channel = request.path("channel").asText();
        if (!CHANNELS.contains(channel)) {
            return refused("invalid channel " + channel);
        }
        List<String> products = Requests.texts(request.path("product_ids"));
        for (String product : products) {
            if (add && !symbols.contains(product)) {
                return refused("invalid product_id " + product);
            }
        }
        Set<String> named = new HashSet<>();
        products.forEach(product -> named.add(Decoded.stream(channel, product)));
        if (WITHOUT_PRODUCT.contains(channel)) {
            named.add(Decoded.stream(channel, ""));
        }
        if (add) {
            streams.addAll(named);
            // Frames that speak of several products.
            streams.add(Decoded.stream(channel, ""));
            return new Reply(Set.copyOf(streams), named, List.of());
        }
        if (products.isEmpty()) {
            streams.removeIf(stream -> stream.startsWith(channel + "|"));
        } else {
            streams.removeAll(named);
        }
        return new Reply(Set.copyOf(streams), Set.of(), List.of());
    }

    private Reply refused(String message) {
        ObjectNode error = Requests.JSON.createObjectNode();
        error.put("type", "error");
        error.put("message", message);
        return new Reply(Set.copyOf(streams), Set.of(), List.of(error.toString()));
    }

    @Override
    public String form(Frame frame) {
        String text = frame.text();
        int name = text.indexOf(SEQUENCE);
        if (name < 0) {
            return text;
        }
        int from = name + SEQUENCE.length();
        int to = from;
        while (to < text.length() && Character.isDigit(text.charAt(to))) {
            to++;
        }
        String number = Long.toString(sequence++);
        return text.regionMatches(from, number, 0, number.length()) && to - from == number.length()
                ? text
                : text.substring(0, from) + number + text.substring(to);
    }
}
