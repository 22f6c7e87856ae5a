package io.tidemark.edge.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import java.io.IOException;

/** Reads one JSON text of a message as a stream: whatever is wrong with it is a {@link BadFrameException}. */
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int SHOWN = 200;

    private Json() {}

    /** Reads from the first token, which is the parser's current one, to that which ends it. */
    public interface Body {
        void read(JsonParser json) throws IOException, BadFrameException;
    }

    public static void parse(byte[] bytes, int offset, int length, Body body) throws BadFrameException {
        try (JsonParser json = FACTORY.createParser(bytes, offset, length)) {
            if (json.nextToken() == null) {
                throw new BadFrameException(Reason.MALFORMED, "an empty message");
            }
            body.read(json);
            if (json.nextToken() != null) {
                throw new BadFrameException(Reason.MALFORMED, "text behind the JSON text");
            }
        } catch (IOException e) {
            throw new BadFrameException(Reason.MALFORMED, firstLine(e));
        }
    }

    private static String firstLine(IOException e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    /** Whether the parser stands at a text that equals {@code other}, without making a text of it. */
    public static boolean is(JsonParser json, String other) throws IOException {
        int length = other.length();
        if (json.currentToken() != JsonToken.VALUE_STRING || json.getTextLength() != length) {
            return false;
        }
        char[] text = json.getTextCharacters();
        int start = json.getTextOffset();
        for (int i = 0; i < length; i++) {
            if (text[start + i] != other.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The text at the parser; for what is rare. */
    public static String text(Object field, JsonParser json) throws IOException, BadFrameException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw new BadFrameException(Reason.MISSING_FIELD, "field " + field + " is no text");
        }
        return json.getText();
    }

    /** What stands at the parser, shortened, for a message to people. */
    public static String shown(JsonParser json) throws IOException {
        String text = String.valueOf(json.getText());
        return text.length() > SHOWN ? text.substring(0, SHOWN) : text;
    }

    /** The value of the current field is an object or a list. */
    public static void expect(Object field, JsonParser json, JsonToken token) throws IOException, BadFrameException {
        if (json.currentToken() != token) {
            throw new BadFrameException(
                    Reason.MALFORMED,
                    "field " + field + " is not " + (token == JsonToken.START_ARRAY ? "a list" : "an object"));
        }
    }

    /** The symbol at the parser; one that was not asked for is refused. */
    public static <S> S symbol(Object field, JsonParser json, SymbolTable<S> table)
            throws IOException, BadFrameException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw new BadFrameException(Reason.MISSING_FIELD, "field " + field + " is no symbol");
        }
        S symbol = table.find(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
        if (symbol == null) {
            throw new BadFrameException(Reason.UNKNOWN_SYMBOL, "symbol " + shown(json) + " was not asked for");
        }
        return symbol;
    }
}
