package io.tidemark.exchange.recording;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.exchange.recording.CapturedLine.Origin;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON lines: an object per line whose {@code t} says what it is (header, http, connect, send, recv).
 *
 * <p>With several connections the lines are ordered by connection, so times step back between them;
 * the order of the file is kept.
 */
final class JsonLines implements Container {
    private static final JsonFactory JSON = new JsonFactory();

    @Override
    public CapturedLine parse(String line, long number) throws MalformedException {
        Map<String, String> fields = fields(line);
        String type = required(fields, "t");
        return switch (type) {
            case "header" -> new CapturedLine(Origin.NOTE, 0, null, line, false, number);
            case "connect", "send" -> new CapturedLine(Origin.NOTE, time(fields), null, line, false, number);
            case "http" ->
                new CapturedLine(Origin.REST, time(fields), fields.get("url"), required(fields, "data"), false, number);
            case "recv" -> {
                @Nullable String base64 = fields.get("b64");
                String text = base64 == null ? required(fields, "data") : base64;
                yield new CapturedLine(
                        Origin.SOCKET,
                        time(fields),
                        null,
                        text,
                        base64 != null,
                        number,
                        fields.getOrDefault("conn", ""));
            }
            default ->
                throw new MalformedException(
                        "unknown line type \"" + type + "\"; header, http, connect, send and recv are understood");
        };
    }

    private static long time(Map<String, String> fields) throws MalformedException {
        return Seconds.nanos(required(fields, "ts"));
    }

    private static String required(Map<String, String> fields, String name) throws MalformedException {
        @Nullable String value = fields.get(name);
        if (value == null) {
            throw new MalformedException("the field \"" + name + "\" is missing");
        }
        return value;
    }

    private static Map<String, String> fields(String line) throws MalformedException {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser parser = JSON.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedException("expected a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_STRING || (value != null && value.isNumeric())) {
                    fields.put(name, parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw new MalformedException("something follows the JSON object");
            }
        } catch (JsonProcessingException e) {
            throw new MalformedException("broken JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot fail to be read", e);
        }
        return fields;
    }
}
