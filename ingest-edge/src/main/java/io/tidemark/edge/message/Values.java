package io.tidemark.edge.message;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import java.io.IOException;
import java.util.Arrays;

/**
 * Plain values of a message kept by their places until it is known what they mean, without an object each. Reused.
 */
public final class Values {
    private static final int MAX_TEXT = 4096;

    private final int[] starts;
    private final int[] lengths;
    private final boolean[] there;
    private char[] text = new char[512];
    private int used;

    /** {@code places}: how many there are at most. */
    public Values(int places) {
        starts = new int[places];
        lengths = new int[places];
        there = new boolean[places];
    }

    public void clear() {
        Arrays.fill(there, false);
        used = 0;
    }

    public int places() {
        return starts.length;
    }

    /** Keeps the text or bare number at the parser; {@code null} and everything else is as if it were not there. */
    public void take(int place, JsonParser json) throws IOException, BadFrameException {
        JsonToken token = json.currentToken();
        if (token != JsonToken.VALUE_STRING && (token == null || !token.isNumeric())) {
            there[place] = false;
            json.skipChildren();
            return;
        }
        int length = json.getTextLength();
        if (length > MAX_TEXT) {
            throw new BadFrameException(Reason.MALFORMED, "a value of " + length + " characters");
        }
        if (text.length - used < length) {
            text = Arrays.copyOf(text, Math.max(text.length * 2, used + length));
        }
        System.arraycopy(json.getTextCharacters(), json.getTextOffset(), text, used, length);
        starts[place] = used;
        lengths[place] = length;
        there[place] = true;
        used += length;
    }

    public boolean has(int place) {
        return there[place];
    }

    /** Whether there is a number; empty text is none. */
    public boolean decimal(int place, Object field, Decimal38 target) throws BadFrameException {
        return there[place] && Numbers.parse(field, text, starts[place], lengths[place], target);
    }

    /** Like {@link #decimal}, for what may be negative. */
    public boolean signedDecimal(int place, Object field, Decimal38 target) throws BadFrameException {
        return there[place] && Numbers.parseSigned(field, text, starts[place], lengths[place], target);
    }

    public void needDecimal(int place, Object field, Decimal38 target) throws BadFrameException {
        if (!decimal(place, field, target)) {
            throw new BadFrameException(Reason.MISSING_FIELD, "field " + field + " is missing");
        }
    }

    /** Decimal seconds. */
    public long seconds(int place, Object field) throws BadFrameException {
        need(place, field);
        return Times.seconds(field, text, starts[place], lengths[place]);
    }

    public long whole(int place, Object field) throws BadFrameException {
        need(place, field);
        return Numbers.whole(field, text, starts[place], lengths[place]);
    }

    private void need(int place, Object field) throws BadFrameException {
        if (!there[place]) {
            throw new BadFrameException(Reason.MISSING_FIELD, "field " + field + " is missing");
        }
    }
}
