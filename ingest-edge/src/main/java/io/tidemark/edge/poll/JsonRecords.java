package io.tidemark.edge.poll;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Walks through a JSON text and gives small parts of it as texts: every number as it was spelled, never as a double.
 *
 * <p>A part of an object is flat: {@code greeks.delta} names a field of an object within, and {@code tickers[]} a list's
 * plain values with {@link #LIST} between them. JSON's null is an absent field. What is no JSON throws {@link BadFrameException} with line and column. Used by one
 * thread.
 */
public final class JsonRecords implements AutoCloseable {
    /** Between the values of a list. */
    public static final String LIST = "\u001f";

    private static final int LONGEST_TEXT = 4 << 20;
    private static final int MOST_FIELDS = 2_000;
    private static final JsonFactory JSON = JsonFactory.builder()
            // So that a NaN spoils its own record only, and not the whole text.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(LONGEST_TEXT)
                    .maxNestingDepth(64)
                    .build())
            .build();

    private final JsonParser parser;

    private JsonRecords(JsonParser parser) {
        this.parser = parser;
    }

    public static JsonRecords of(byte[] text) throws IOException {
        return of(new ByteArrayInputStream(text));
    }

    public static JsonRecords of(InputStream text) throws IOException {
        return new JsonRecords(JSON.createParser(text));
    }

    /** The next token; null at the end. */
    public @Nullable JsonToken token() throws IOException, BadFrameException {
        try {
            return parser.nextToken();
        } catch (JsonProcessingException e) {
            throw malformed(e);
        }
    }

    private static BadFrameException malformed(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        return new BadFrameException(Reason.MALFORMED, "no JSON" + where + ": " + e.getOriginalMessage());
    }

    /** The name or value where the walk stands, as it was spelled. */
    public String text() throws IOException, BadFrameException {
        try {
            return parser.getText();
        } catch (JsonProcessingException e) {
            throw malformed(e);
        }
    }

    /** Line and column of the part where the walk stands. */
    public String position() {
        JsonLocation at = parser.currentTokenLocation();
        return "line " + at.getLineNr() + ", column " + at.getColumnNr();
    }

    public void expect(JsonToken wanted, String what) throws IOException, BadFrameException {
        JsonToken found = token();
        if (found != wanted) {
            throw new BadFrameException(Reason.MALFORMED, what + " is not there, but " + found + " at " + position());
        }
    }

    /** Stands at the begin of a value: goes behind it. */
    public void skip() throws IOException, BadFrameException {
        try {
            parser.skipChildren();
        } catch (JsonProcessingException e) {
            throw malformed(e);
        }
    }

    /** Within an object: goes to the value of the field; false when the object ends without it. */
    public boolean find(String field) throws IOException, BadFrameException {
        for (JsonToken at = token(); at == JsonToken.FIELD_NAME; at = token()) {
            boolean found = text().equals(field);
            token();
            if (found) {
                return true;
            }
            skip();
        }
        return false;
    }

    /** Stands at the begin of an object: all its fields, and goes behind it. */
    public Map<String, String> object() throws IOException, BadFrameException {
        Map<String, String> fields = new LinkedHashMap<>();
        object("", fields);
        return fields;
    }

    private void object(String prefix, Map<String, String> fields) throws IOException, BadFrameException {
        for (JsonToken at = token(); at != JsonToken.END_OBJECT; at = token()) {
            if (at != JsonToken.FIELD_NAME) {
                throw new BadFrameException(Reason.MALFORMED, "the text ends within an object");
            }
            String name = prefix + text();
            JsonToken value = token();
            if (value == JsonToken.START_OBJECT) {
                object(name + ".", fields);
            } else if (value == JsonToken.START_ARRAY) {
                StringBuilder joined = new StringBuilder();
                for (String element : array()) {
                    if (element != null) {
                        joined.append(joined.isEmpty() ? "" : LIST).append(element);
                    }
                }
                fields.put(name + "[]", joined.toString());
            } else if (value != null && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                fields.put(name, text());
            }
            if (fields.size() > MOST_FIELDS) {
                throw new BadFrameException(Reason.MALFORMED, "an object of more than " + MOST_FIELDS + " fields");
            }
        }
    }

    /** Stands at the begin of an array: its plain values, null for what is none, and goes behind it. */
    public List<@Nullable String> array() throws IOException, BadFrameException {
        List<@Nullable String> values = new ArrayList<>();
        for (JsonToken at = token(); at != JsonToken.END_ARRAY; at = token()) {
            if (at == null) {
                throw new BadFrameException(Reason.MALFORMED, "the text ends within an array");
            }
            if (at.isStructStart()) {
                skip();
                values.add(null);
            } else {
                values.add(at == JsonToken.VALUE_NULL ? null : text());
            }
        }
        return values;
    }

    /** Nothing but white space may follow. */
    public void end() throws IOException, BadFrameException {
        if (token() != null) {
            throw new BadFrameException(Reason.MALFORMED, "something follows the end, at " + position());
        }
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
