package io.tidemark.exchange.protocol.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.exchange.protocol.subscribed.Conversation;
import io.tidemark.exchange.protocol.subscribed.Decoded;
import io.tidemark.exchange.protocol.subscribed.Requests;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code subscribe}, {@code unsubscribe} and {@code ping} of Kraken's v2. */
final class KrakenV2Conversation implements Conversation {
    private static final Set<String> CHANNELS = Set.of("book", "ohlc", "ticker", "trade");
    private static final Set<Integer> DEPTHS = Set.of(10, 25, 100, 500, 1000);

    private final Set<String> symbols;
    private final boolean acknowledges;
    private final InstantSource clock;
    private final Set<String> streams = new HashSet<>();

    KrakenV2Conversation(Set<String> symbols, boolean acknowledges, InstantSource clock) {
        this.clock = clock;
        this.symbols = symbols;
        this.acknowledges = acknowledges;
    }

    @Override
    public Reply request(String text) {
        JsonNode request = Requests.object(text);
        if (request == null) {
            return reply(Set.of(), List.of("{\"error\":\"Malformed request\",\"success\":false}"));
        }
        String method = request.path("method").asText();
        return switch (method) {
            case "ping" -> {
                ObjectNode pong = answer(request, "pong");
                yield reply(Set.of(), List.of(pong.toString()));
            }
            case "subscribe", "unsubscribe" -> change(request, method);
            default -> {
                ObjectNode error = answer(request, method);
                error.put("error", "Method not found");
                error.put("success", false);
                yield reply(Set.of(), List.of(error.toString()));
            }
        };
    }

    private Reply change(JsonNode request, String method) {
        JsonNode params = request.path("params");
        String channel = params.path("channel").asText();
        JsonNode depth = params.path("depth");
        Set<String> asked = new HashSet<>();
        List<String> answers = new ArrayList<>();
        for (String symbol : Requests.texts(params.path("symbol"))) {
            List<String> named = streams(channel, symbol, depth.asInt(KrakenMarket.DEFAULT_DEPTH));
            if (!CHANNELS.contains(channel)) {
                answers.add(refused(request, method, symbol, "Channel " + channel + " not supported"));
            } else if (!symbols.contains(symbol)) {
                answers.add(refused(request, method, symbol, "Currency pair not supported " + symbol));
            } else if (depth.isInt() && !DEPTHS.contains(depth.asInt())) {
                answers.add(refused(request, method, symbol, "Subscription depth not supported"));
            } else {
                if (method.equals("subscribe")) {
                    streams.addAll(named);
                    asked.addAll(named);
                } else {
                    named.forEach(streams::remove);
                }
                if (acknowledges) {
                    answers.add(accepted(request, method, channel, symbol));
                }
            }
        }
        return reply(asked, answers);
    }

    /** The market has a book of each depth, a recording the one that was recorded. */
    private static List<String> streams(String channel, String symbol, int depth) {
        String stream = Decoded.stream(channel, symbol);
        return channel.equals("book") ? List.of(stream, KrakenMarket.bookStream(symbol, depth)) : List.of(stream);
    }

    private String accepted(JsonNode request, String method, String channel, String symbol) {
        ObjectNode answer = answer(request, method);
        ObjectNode result = answer.putObject("result");
        result.put("channel", channel);
        JsonNode params = request.path("params");
        for (String name : List.of("depth", "interval", "snapshot", "event_trigger")) {
            if (params.has(name)) {
                result.set(name, params.get(name));
            }
        }
        result.put("symbol", symbol);
        answer.put("success", true);
        return answer.toString();
    }

    private String refused(JsonNode request, String method, String symbol, String message) {
        ObjectNode answer = answer(request, method);
        answer.put("error", message);
        answer.put("success", false);
        answer.put("symbol", symbol);
        return answer.toString();
    }

    private ObjectNode answer(JsonNode request, String method) {
        ObjectNode answer = Requests.JSON.createObjectNode();
        answer.put("method", method);
        if (request.has("req_id")) {
            answer.set("req_id", request.get("req_id"));
        }
        String now = KrakenPen.TIME.format(clock.instant());
        answer.put("time_in", now);
        answer.put("time_out", now);
        return answer;
    }

    private Reply reply(Set<String> asked, List<String> answers) {
        return new Reply(Set.copyOf(streams), asked, answers);
    }
}
