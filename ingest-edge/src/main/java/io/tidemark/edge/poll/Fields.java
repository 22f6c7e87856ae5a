package io.tidemark.edge.poll;

import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Texts, days and times out of a record's fields; what is wrong is said with the field's name. */
public final class Fields {
    private static final long NANOS = 1_000_000_000L;
    /** 1678 to 2262: what 64 bits of nanoseconds hold. */
    private static final long MOST_SECONDS = Long.MAX_VALUE / NANOS;

    private Fields() {}

    public static String required(Map<String, String> fields, String name) throws BadFrameException {
        String text = fields.get(name);
        if (text == null || text.isEmpty()) {
            throw new BadFrameException(Reason.MISSING_FIELD, name + " is missing");
        }
        return text;
    }

    public static String text(Map<String, String> fields, String name) {
        return fields.getOrDefault(name, "");
    }

    /** Days since 1970 of a text like 2024-02-29. */
    public static int day(String text, String name) throws BadFrameException {
        try {
            return Math.toIntExact(LocalDate.parse(text).toEpochDay());
        } catch (DateTimeException | ArithmeticException e) {
            throw new BadFrameException(Reason.MALFORMED, name + ": \"" + text + "\" is no day");
        }
    }

    /** Midnight UTC of a day. */
    public static long midnight(int day) {
        return day * 86_400L * NANOS;
    }

    public static long whole(@Nullable String text, String name) throws BadFrameException {
        if (text == null || text.isEmpty()) {
            throw new BadFrameException(Reason.MISSING_FIELD, name + " is missing");
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new BadFrameException(Reason.BAD_NUMBER, name + ": \"" + text + "\" is no whole number");
        }
    }

    /** Nanoseconds of a count of units since 1970. */
    public static long time(@Nullable String text, String name, long nanosPerUnit) throws BadFrameException {
        try {
            return Math.multiplyExact(whole(text, name), nanosPerUnit);
        } catch (ArithmeticException e) {
            throw new BadFrameException(Reason.NUMBER_OUT_OF_RANGE, name + ": " + text + " is no time of this age");
        }
    }

    public static long millis(@Nullable String text, String name) throws BadFrameException {
        return time(text, name, 1_000_000L);
    }

    public static long seconds(@Nullable String text, String name) throws BadFrameException {
        return time(text, name, NANOS);
    }

    /** {@code ABSENT} for a time that 64 bits do not hold. */
    public static long nanos(Instant time) {
        if (Math.abs(time.getEpochSecond()) >= MOST_SECONDS) {
            return EventEncoder.ABSENT;
        }
        return time.getEpochSecond() * NANOS + time.getNano();
    }
}
