package io.tidemark.edge.load;

import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.poll.Fields;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Times as a file spells them: whole numbers of a unit, texts of a format, or ISO 8601 with a blank or a T.
 *
 * <p>A wall time that its zone skipped is refused; of one that came twice the first is meant.
 */
final class Times {
    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendPattern("['T'][' ']HH:mm")
            .optionalStart()
            .appendPattern(":ss")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .optionalEnd()
            .optionalEnd()
            .optionalEnd()
            .appendPattern("[XXX][XX][X]")
            .toFormatter(Locale.ROOT);

    private final long unit;
    private final DateTimeFormatter format;
    private final ZoneId zone;

    /** Throws {@link IllegalArgumentException} for a unit or format that is none. */
    Times(String unit, String format, ZoneId zone) {
        this.unit = switch (unit) {
            case "" -> 0;
            case "s" -> 1_000_000_000L;
            case "ms" -> 1_000_000L;
            case "us" -> 1_000L;
            case "ns" -> 1L;
            default -> throw new IllegalArgumentException("the time unit \"" + unit + "\" is none of s, ms, us, ns");
        };
        this.format = format.isEmpty() ? ISO : DateTimeFormatter.ofPattern(format, Locale.ROOT);
        this.zone = zone;
    }

    /** Nanoseconds since 1970 UTC. */
    long parse(@Nullable String text, String field) throws BadFrameException {
        if (unit != 0) {
            return Fields.time(text, field, unit);
        }
        if (text == null || text.isEmpty()) {
            throw new BadFrameException(Reason.MISSING_FIELD, field + " is missing");
        }
        try {
            TemporalAccessor parsed = format.parse(text);
            LocalDate date = LocalDate.from(parsed);
            java.time.LocalTime time = parsed.query(TemporalQueries.localTime());
            LocalDateTime local = date.atTime(time == null ? java.time.LocalTime.MIDNIGHT : time);
            ZoneId own = parsed.query(TemporalQueries.zone());
            return nanos(
                    own instanceof ZoneOffset offset ? local.toInstant(offset) : at(local, own, field), text, field);
        } catch (DateTimeException e) {
            String hint = format == ISO && text.chars().allMatch(Character::isDigit) ? " (--time-unit says which)" : "";
            throw new BadFrameException(Reason.MALFORMED, field + ": \"" + text + "\" is no time" + hint);
        }
    }

    private Instant at(LocalDateTime local, @Nullable ZoneId own, String field) throws BadFrameException {
        return at(local, own == null ? zone : own, field, local.toString());
    }

    /** The moment of a wall time. */
    static Instant at(LocalDateTime local, ZoneId zone, String field, String shown) throws BadFrameException {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        if (offsets.isEmpty()) {
            throw new BadFrameException(
                    Reason.MALFORMED, field + ": " + shown + " does not exist in " + zone + ", whose clocks skip it");
        }
        return local.toInstant(offsets.get(0));
    }

    static long nanos(Instant time, String shown, String field) throws BadFrameException {
        long nanos = Fields.nanos(time);
        if (nanos == EventEncoder.ABSENT) {
            throw new BadFrameException(Reason.NUMBER_OUT_OF_RANGE, field + ": " + shown + " is no time of this age");
        }
        return nanos;
    }
}
