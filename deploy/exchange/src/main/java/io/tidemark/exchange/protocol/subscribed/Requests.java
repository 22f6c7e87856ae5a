package io.tidemark.exchange.protocol.subscribed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tidemark.exchange.recording.MalformedException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reading of clients' messages and of frames as trees; numbers keep their spelling. */
public final class Requests {
    public static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    private Requests() {}

    /** The message as a tree, or null if it is no JSON object. */
    public static @Nullable JsonNode object(String text) {
        try {
            JsonNode tree = JSON.readTree(text);
            return tree != null && tree.isObject() ? tree : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** The frame as a tree. */
    public static JsonNode frame(String text) throws MalformedException {
        try {
            JsonNode tree = JSON.readTree(text);
            if (tree == null || !tree.isContainerNode()) {
                throw new MalformedException("expected a JSON object or array, found " + begin(text));
            }
            return tree;
        } catch (JsonProcessingException e) {
            throw new MalformedException("broken JSON: " + e.getOriginalMessage());
        }
    }

    /** The texts of a list; of anything else none. */
    public static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> {
            if (text.isTextual()) {
                texts.add(text.asText());
            }
        });
        return texts;
    }

    /** A text that has to be there. */
    public static String text(JsonNode object, String name) throws MalformedException {
        JsonNode value = object.get(name);
        if (value == null || !value.isTextual()) {
            throw new MalformedException("the text \"" + name + "\" is missing");
        }
        return value.asText();
    }

    /** A text that has to be a decimal number. */
    public static String decimal(JsonNode object, String name) throws MalformedException {
        String text = text(object, name);
        BookLevel.number(text);
        return text;
    }

    /** A text that is a decimal number or empty. */
    public static void decimalOrEmpty(JsonNode object, String name) throws MalformedException {
        String text = text(object, name);
        if (!text.isEmpty()) {
            BookLevel.number(text);
        }
    }

    /** A number as it was spelled, whether quoted or bare. */
    public static String spelled(JsonNode value) throws MalformedException {
        if (value.isTextual()) {
            BookLevel.number(value.asText());
            return value.asText();
        }
        if (!value.isNumber()) {
            throw new MalformedException("expected a number, found " + begin(value.toString()));
        }
        return value.isIntegralNumber() ? value.asText() : value.decimalValue().toPlainString();
    }

    public static void whole(JsonNode object, String name) throws MalformedException {
        if (!object.path(name).isIntegralNumber()) {
            throw new MalformedException("the whole number \"" + name + "\" is missing");
        }
    }

    public static JsonNode list(JsonNode object, String name) throws MalformedException {
        JsonNode value = object.get(name);
        if (value == null || !value.isArray()) {
            throw new MalformedException("the list \"" + name + "\" is missing");
        }
        return value;
    }

    public static String begin(String text) {
        return text.isEmpty() ? "nothing" : "\"" + text.substring(0, Math.min(40, text.length())) + "\"";
    }
}
