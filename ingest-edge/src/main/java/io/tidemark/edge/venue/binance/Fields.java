package io.tidemark.edge.venue.binance;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.message.Numbers;
import io.tidemark.edge.message.SymbolTable;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one message whose names are a single letter, as they came, without an object per field.
 *
 * <p>The venue gives one letter several meanings ({@code a} is a price, an id or a list of levels), so a field
 * is interpreted only when the message's type is known.
 */
final class Fields {
    private static final byte NONE = 0;
    private static final byte TEXT = 1;
    private static final byte WHOLE = 2;
    private static final byte TRUE = 3;
    private static final byte FALSE = 4;
    /** A number with a point or an exponent; its text is kept. */
    private static final byte FRACTION = 5;

    private static final int LETTERS = 128;
    private static final int MAX_TEXT = 4096;

    private final byte[] kinds = new byte[LETTERS];
    private final long[] numbers = new long[LETTERS];
    private final int[] starts = new int[LETTERS];
    private final int[] lengths = new int[LETTERS];
    private char[] text = new char[512];
    private int used;

    void clear() {
        Arrays.fill(kinds, NONE);
        used = 0;
    }

    /** Keeps the value at the parser; anything but a plain value is skipped. */
    void take(String name, JsonParser json) throws IOException, BadFrameException {
        JsonToken token = json.currentToken();
        if (name.length() != 1 || name.charAt(0) >= LETTERS) {
            json.skipChildren();
            return;
        }
        int letter = name.charAt(0);
        switch (token) {
            case VALUE_STRING -> keepText(letter, TEXT, json);
            case VALUE_NUMBER_INT -> {
                if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    keepText(letter, FRACTION, json);
                } else {
                    kinds[letter] = WHOLE;
                    numbers[letter] = json.getLongValue();
                }
            }
            case VALUE_NUMBER_FLOAT -> keepText(letter, FRACTION, json);
            case VALUE_TRUE -> kinds[letter] = TRUE;
            case VALUE_FALSE -> kinds[letter] = FALSE;
            case VALUE_NULL -> kinds[letter] = NONE;
            default -> json.skipChildren();
        }
    }

    private void keepText(int letter, byte kind, JsonParser json) throws IOException, BadFrameException {
        int length = json.getTextLength();
        if (length > MAX_TEXT) {
            throw new BadFrameException(Reason.MALFORMED, "field " + (char) letter + " has " + length + " characters");
        }
        if (text.length - used < length) {
            text = Arrays.copyOf(text, Math.max(text.length * 2, used + length));
        }
        System.arraycopy(json.getTextCharacters(), json.getTextOffset(), text, used, length);
        kinds[letter] = kind;
        starts[letter] = used;
        lengths[letter] = length;
        used += length;
    }

    boolean has(char letter) {
        return kinds[letter] != NONE;
    }

    boolean isText(char letter) {
        return kinds[letter] == TEXT;
    }

    boolean textEquals(char letter, String other) {
        if (kinds[letter] != TEXT || lengths[letter] != other.length()) {
            return false;
        }
        int start = starts[letter];
        for (int i = 0; i < other.length(); i++) {
            if (text[start + i] != other.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    String text(char letter) throws BadFrameException {
        if (kinds[letter] != TEXT) {
            throw missing(letter);
        }
        return new String(text, starts[letter], lengths[letter]);
    }

    /** The instrument that a text names, without making a text of it; null for none. */
    @Nullable
    Symbol symbol(char letter, SymbolTable<Symbol> table) throws BadFrameException {
        if (kinds[letter] != TEXT) {
            throw missing(letter);
        }
        return table.find(text, starts[letter], lengths[letter]);
    }

    long number(char letter) throws BadFrameException {
        if (kinds[letter] != WHOLE) {
            throw missing(letter);
        }
        return numbers[letter];
    }

    /** A number that is no id may be negative nowhere. */
    long id(char letter) throws BadFrameException {
        long id = number(letter);
        if (id < 0) {
            throw new BadFrameException(Reason.BAD_NUMBER, "field " + letter + " is negative: " + id);
        }
        return id;
    }

    boolean flag(char letter) throws BadFrameException {
        if (kinds[letter] != TRUE && kinds[letter] != FALSE) {
            throw missing(letter);
        }
        return kinds[letter] == TRUE;
    }

    /** Milliseconds, or microseconds where the address asked for them, as nanoseconds. */
    long time(char letter) throws BadFrameException {
        long time = id(letter);
        // 1e14 ms is in the year 5138, 1e14 us in 1973.
        long unit = time < 100_000_000_000_000L ? 1_000_000L : 1_000L;
        if (time > Long.MAX_VALUE / unit) {
            throw new BadFrameException(Reason.BAD_NUMBER, "field " + letter + " is no time: " + time);
        }
        return time * unit;
    }

    void decimal(char letter, Decimal38 target) throws BadFrameException {
        if (!optionalDecimal(letter, target)) {
            throw missing(letter);
        }
    }

    /** Whether there is a number. */
    boolean optionalDecimal(char letter, Decimal38 target) throws BadFrameException {
        switch (kinds[letter]) {
            case WHOLE -> target.set(numbers[letter], 0);
            case TEXT, FRACTION -> {
                return Numbers.parse(letter, text, starts[letter], lengths[letter], target);
            }
            default -> {
                return false;
            }
        }
        return Numbers.notNegative(letter, target);
    }

    /** Whether there is a number; it may be negative. */
    boolean signedDecimal(char letter, Decimal38 target) throws BadFrameException {
        if (kinds[letter] == WHOLE) {
            target.set(numbers[letter], 0);
            return true;
        }
        return (kinds[letter] == TEXT || kinds[letter] == FRACTION)
                && Numbers.parseSigned(letter, text, starts[letter], lengths[letter], target);
    }

    private static BadFrameException missing(char letter) {
        return new BadFrameException(Reason.MISSING_FIELD, "field " + letter + " is missing or of another type");
    }
}
