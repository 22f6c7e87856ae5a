package io.tidemark.edge.message;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import java.io.IOException;

/**
 * Exact numbers out of messages: exponents resolved, trailing zeros kept, empty text is no number, and what does
 * not fit decimal(38,18) is refused. A negative number is refused too, unless the method says otherwise.
 */
public final class Numbers {
    private static final int SHOWN = 60;

    private Numbers() {}

    /** Whether there is a number in the text of a field; empty text is none. */
    public static boolean parse(Object field, char[] text, int start, int length, Decimal38 target)
            throws BadFrameException {
        return parseSigned(field, text, start, length, target) && notNegative(field, target);
    }

    /** Like {@link #parse}, for what may be negative: a funding rate, a change. */
    public static boolean parseSigned(Object field, char[] text, int start, int length, Decimal38 target)
            throws BadFrameException {
        switch (target.parse(text, start, length)) {
            case EXACT -> {
                return true;
            }
            case ABSENT -> {
                return false;
            }
            case MALFORMED ->
                throw new BadFrameException(
                        Reason.BAD_NUMBER, "field " + field + " is no number: " + shown(text, start, length));
            case TOO_PRECISE, TOO_LARGE ->
                throw new BadFrameException(
                        Reason.NUMBER_OUT_OF_RANGE,
                        "field " + field + " does not fit decimal(38,18): " + shown(text, start, length));
        }
        throw new AssertionError();
    }

    /** The number at the parser, spelled as a text or bare; it must be there. */
    public static void read(Object field, JsonParser json, Decimal38 target) throws IOException, BadFrameException {
        if (!readOptional(field, json, target)) {
            throw new BadFrameException(Reason.BAD_NUMBER, "field " + field + " is empty");
        }
    }

    /** Whether there is a number at the parser; {@code null} and empty text are none. */
    public static boolean readOptional(Object field, JsonParser json, Decimal38 target)
            throws IOException, BadFrameException {
        return readSigned(field, json, target) && notNegative(field, target);
    }

    /** Like {@link #readOptional}, for what may be negative. */
    public static boolean readSigned(Object field, JsonParser json, Decimal38 target)
            throws IOException, BadFrameException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return false;
        }
        if (token != JsonToken.VALUE_STRING && (token == null || !token.isNumeric())) {
            throw new BadFrameException(Reason.BAD_NUMBER, "field " + field + " is no number");
        }
        return parseSigned(field, json.getTextCharacters(), json.getTextOffset(), json.getTextLength(), target);
    }

    /** A whole number without sign, bare or as a text: an id. */
    public static long whole(Object field, JsonParser json) throws IOException, BadFrameException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_STRING) {
            return whole(field, json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
        }
        throw new BadFrameException(Reason.MISSING_FIELD, "field " + field + " is missing or of another type");
    }

    /** A whole number that may have a sign, bare or as a text. */
    public static long signedWhole(Object field, JsonParser json) throws IOException, BadFrameException {
        JsonToken token = json.currentToken();
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_STRING) {
            throw new BadFrameException(Reason.MISSING_FIELD, "field " + field + " is missing or of another type");
        }
        char[] text = json.getTextCharacters();
        int start = json.getTextOffset();
        int length = json.getTextLength();
        if (length > 0 && text[start] == '-') {
            return -whole(field, text, start + 1, length - 1);
        }
        return whole(field, text, start, length);
    }

    public static long whole(Object field, char[] text, int start, int length) throws BadFrameException {
        long value = 0;
        boolean good = length > 0 && length <= 19;
        for (int i = start; good && i < start + length; i++) {
            int digit = text[i] - '0';
            good = digit >= 0 && digit <= 9;
            value = value * 10 + digit;
        }
        if (good && value >= 0) {
            return value;
        }
        throw new BadFrameException(
                Reason.BAD_NUMBER, "field " + field + " is no whole number: " + shown(text, start, length));
    }

    public static boolean notNegative(Object field, Decimal38 value) throws BadFrameException {
        if (value.signum() < 0) {
            throw new BadFrameException(Reason.BAD_NUMBER, "field " + field + " is negative: " + value);
        }
        return true;
    }

    private static String shown(char[] text, int start, int length) {
        return new String(text, start, Math.min(length, SHOWN));
    }
}
