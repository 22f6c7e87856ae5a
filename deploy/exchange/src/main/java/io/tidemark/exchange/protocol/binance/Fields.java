package io.tidemark.exchange.protocol.binance;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.exchange.recording.MalformedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The flat fields of one of Binance's JSON objects, with checks that say what is wrong. */
final class Fields {
    private final Map<String, Object> values = new HashMap<>();

    /** Reads an object whose opening brace is the parser's current token. */
    static Fields read(JsonParser parser) throws IOException {
        Fields fields = new Fields();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (token) {
                case VALUE_STRING -> fields.values.put(name, parser.getText());
                case VALUE_NUMBER_INT -> fields.values.put(name, parser.getNumberValue());
                case VALUE_TRUE -> fields.values.put(name, true);
                case VALUE_FALSE -> fields.values.put(name, false);
                case START_ARRAY -> {
                    List<PriceLevel> levels = PriceLevel.read(parser);
                    if (levels != null) {
                        fields.values.put(name, levels);
                    }
                }
                default -> parser.skipChildren();
            }
        }
        return fields;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    @Nullable
    String textOrNull(String name) {
        return values.get(name) instanceof String text ? text : null;
    }

    String text(String name) throws MalformedException {
        if (values.get(name) instanceof String text) {
            return text;
        }
        throw new MalformedException("the text \"" + name + "\" is missing");
    }

    long number(String name) throws MalformedException {
        Object value = values.get(name);
        if (value instanceof Long || value instanceof Integer) {
            return ((Number) value).longValue();
        }
        throw new MalformedException("the whole number \"" + name + "\" is missing");
    }

    void decimal(String name) throws MalformedException {
        String text = text(name);
        if (!PriceLevel.isDecimal(text)) {
            throw new MalformedException("\"" + name + "\" holds \"" + text + "\", which is not a number");
        }
    }

    void flag(String name) throws MalformedException {
        if (!(values.get(name) instanceof Boolean)) {
            throw new MalformedException("the flag \"" + name + "\" is missing");
        }
    }

    List<PriceLevel> levels(String name) throws MalformedException {
        List<PriceLevel> levels = new ArrayList<>();
        if (!(values.get(name) instanceof List<?> list)) {
            throw new MalformedException("\"" + name + "\" is not a list of [price, quantity] texts");
        }
        for (Object level : list) {
            levels.add((PriceLevel) level);
        }
        return levels;
    }
}
