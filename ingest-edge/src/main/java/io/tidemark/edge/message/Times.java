package io.tidemark.edge.message;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import java.io.IOException;

/** Times out of messages, as nanoseconds since 1970 UTC, without an object each. */
public final class Times {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int[] DAYS_BEFORE_MONTH = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    private static final int[] DAYS_OF_MONTH = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private Times() {}

    /**
     * RFC 3339 in UTC with up to nine decimals of a second, such as {@code 2026-08-09T21:05:48.8548404Z}; trailing
     * zeros may be missing. {@code +00:00} is taken for {@code Z}.
     */
    public static long rfc3339(Object field, JsonParser json) throws IOException, BadFrameException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw new BadFrameException(Reason.MISSING_FIELD, "field " + field + " is no time");
        }
        return rfc3339(field, json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
    }

    public static long rfc3339(Object field, char[] text, int start, int length) throws BadFrameException {
        if (length < 20
                || text[start + 4] != '-'
                || text[start + 7] != '-'
                || (text[start + 10] != 'T' && text[start + 10] != ' ')
                || text[start + 13] != ':'
                || text[start + 16] != ':') {
            throw bad(field, text, start, length);
        }
        int year = digits(field, text, start, length, 0, 4);
        int month = digits(field, text, start, length, 5, 2);
        int day = digits(field, text, start, length, 8, 2);
        int hour = digits(field, text, start, length, 11, 2);
        int minute = digits(field, text, start, length, 14, 2);
        int second = digits(field, text, start, length, 17, 2);
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        if (year < 1970
                || year > 2200
                || month < 1
                || month > 12
                || day < 1
                || day > DAYS_OF_MONTH[month - 1] + (leap && month == 2 ? 1 : 0)
                || hour > 23
                || minute > 59
                || second > 60) {
            throw bad(field, text, start, length);
        }
        int at = start + 19;
        int end = start + length;
        long nanos = 0;
        if (text[at] == '.') {
            int scale = 0;
            for (at++; at < end && text[at] >= '0' && text[at] <= '9'; at++) {
                if (++scale > 9) {
                    throw bad(field, text, start, length);
                }
                nanos = nanos * 10 + (text[at] - '0');
            }
            if (scale == 0) {
                throw bad(field, text, start, length);
            }
            for (; scale < 9; scale++) {
                nanos *= 10;
            }
        }
        if (!isUtc(text, at, end)) {
            throw bad(field, text, start, length);
        }
        long before = year - 1L;
        long days = 365L * before
                + before / 4
                - before / 100
                + before / 400
                - 719_162
                + DAYS_BEFORE_MONTH[month - 1]
                + (leap && month > 2 ? 1 : 0)
                + day
                - 1;
        return (days * 86_400 + hour * 3600L + minute * 60L + second) * NANOS_PER_SECOND + nanos;
    }

    private static boolean isUtc(char[] text, int at, int end) {
        if (end - at == 1) {
            return text[at] == 'Z';
        }
        return end - at == 6
                && (text[at] == '+' || text[at] == '-')
                && text[at + 1] == '0'
                && text[at + 2] == '0'
                && text[at + 3] == ':'
                && text[at + 4] == '0'
                && text[at + 5] == '0';
    }

    /** Decimal seconds since 1970 with up to nine decimals, such as {@code 1618678132.123456}, bare or as a text. */
    public static long seconds(Object field, JsonParser json) throws IOException, BadFrameException {
        JsonToken token = json.currentToken();
        if (token != JsonToken.VALUE_STRING && (token == null || !token.isNumeric())) {
            throw new BadFrameException(Reason.MISSING_FIELD, "field " + field + " is no time");
        }
        return seconds(field, json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
    }

    public static long seconds(Object field, char[] text, int start, int length) throws BadFrameException {
        long whole = 0;
        long nanos = 0;
        int scale = -1;
        for (int i = start; i < start + length; i++) {
            char c = text[i];
            if (c == '.' && scale < 0 && i > start) {
                scale = 0;
            } else if (c < '0' || c > '9' || scale == 9 || whole > 9_000_000_000L) {
                throw bad(field, text, start, length);
            } else if (scale < 0) {
                whole = whole * 10 + (c - '0');
            } else {
                nanos = nanos * 10 + (c - '0');
                scale++;
            }
        }
        if (length == 0 || scale == 0 || whole > 9_000_000_000L) {
            throw bad(field, text, start, length);
        }
        for (int i = Math.max(scale, 0); i < 9; i++) {
            nanos *= 10;
        }
        return whole * NANOS_PER_SECOND + nanos;
    }

    /** Whole milliseconds since 1970, bare or as a text. */
    public static long millis(Object field, JsonParser json) throws IOException, BadFrameException {
        long millis = Numbers.whole(field, json);
        if (millis > Long.MAX_VALUE / 1_000_000L) {
            throw new BadFrameException(Reason.BAD_NUMBER, "field " + field + " is no time: " + millis);
        }
        return millis * 1_000_000L;
    }

    private static int digits(Object field, char[] text, int start, int length, int at, int count)
            throws BadFrameException {
        int value = 0;
        for (int i = start + at; i < start + at + count; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                throw bad(field, text, start, length);
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static BadFrameException bad(Object field, char[] text, int start, int length) {
        return new BadFrameException(
                Reason.BAD_NUMBER, "field " + field + " is no time: " + new String(text, start, Math.min(length, 60)));
    }
}
