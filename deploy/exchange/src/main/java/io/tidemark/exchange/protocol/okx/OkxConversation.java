package io.tidemark.exchange.protocol.okx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.exchange.protocol.subscribed.Conversation;
import io.tidemark.exchange.protocol.subscribed.Decoded;
import io.tidemark.exchange.protocol.subscribed.Requests;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code subscribe}, {@code unsubscribe} and the text {@code ping} of OKX. */
final class OkxConversation implements Conversation {
    private final Set<String> symbols;
    private final boolean acknowledges;
    private final Set<String> streams = new HashSet<>();

    OkxConversation(Set<String> symbols, boolean acknowledges) {
        this.symbols = symbols;
        this.acknowledges = acknowledges;
    }

    @Override
    public Reply request(String text) {
        if (text.equals("ping")) {
            return reply(Set.of(), List.of("pong"));
        }
        JsonNode request = Requests.object(text);
        String op = request == null ? "" : request.path("op").asText();
        if (request == null || (!op.equals("subscribe") && !op.equals("unsubscribe"))) {
            return reply(Set.of(), List.of(error("60012", "Invalid request: " + text)));
        }
        Set<String> asked = new HashSet<>();
        List<String> answers = new ArrayList<>();
        for (JsonNode arg : request.path("args")) {
            String channel = arg.path("channel").asText();
            String instrument = arg.path("instId").asText();
            String stream = Decoded.stream(channel, instrument);
            if (!symbols.contains(instrument)) {
                answers.add(error(
                        "60018",
                        "Wrong URL or channel:" + channel + ",instId:" + instrument
                                + " doesn't exist. Please use the correct URL, channel and parameters referring to API"
                                + " document."));
                continue;
            }
            if (op.equals("subscribe")) {
                streams.add(stream);
                asked.add(stream);
            } else {
                streams.remove(stream);
            }
            if (acknowledges || op.equals("unsubscribe")) {
                ObjectNode done = Requests.JSON.createObjectNode();
                done.put("event", op);
                done.set("arg", arg);
                answers.add(done.toString());
            }
        }
        return reply(asked, answers);
    }

    private static String error(String code, String message) {
        ObjectNode error = Requests.JSON.createObjectNode();
        error.put("event", "error");
        error.put("code", code);
        error.put("msg", message);
        return error.toString();
    }

    private Reply reply(Set<String> asked, List<String> answers) {
        return new Reply(Set.copyOf(streams), asked, answers);
    }
}
