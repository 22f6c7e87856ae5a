package io.tidemark.edge.poll;

import com.google.protobuf.ByteString;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.decimal.Decimal38.Outcome;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Exact decimals from texts, by the source's own rule for those of more than 18 decimals.
 *
 * <p>Nothing else is ever rounded: what is no number, or too large, is refused under either rule. One object per
 * source; not thread-safe.
 */
public final class Numbers {
    /** What becomes of a number of more than 18 decimals. */
    public enum Rule {
        /** The record goes to quarantine. */
        REJECT,
        /** Half-even, and the record says so. */
        ROUND;

        public static Optional<Rule> of(String label) {
            for (Rule rule : values()) {
                if (rule.name().toLowerCase(Locale.ROOT).equals(label)) {
                    return Optional.of(rule);
                }
            }
            return Optional.empty();
        }
    }

    private final Rule rule;
    private final Decimal38 value = new Decimal38();
    private boolean rounded;

    public Numbers(Rule rule) {
        this.rule = rule;
    }

    /** Another record begins. */
    public void begin() {
        rounded = false;
    }

    /** Whether a number of this record was rounded. */
    public boolean rounded() {
        return rounded;
    }

    /** The wire form of a number that must be there; {@code field} is named in the refusal. */
    public ByteString required(@Nullable String text, String field) throws BadFrameException {
        ByteString number = optional(text, field);
        if (number == null) {
            throw new BadFrameException(Reason.MISSING_FIELD, field + " is missing");
        }
        return number;
    }

    /** Null where there is none: no field, JSON's null, or an empty text. */
    public @Nullable ByteString optional(@Nullable String text, String field) throws BadFrameException {
        return scaled(text, field, 0);
    }

    /** The number divided by a power of ten, exactly: a percentage as a fraction has {@code places} of 2. */
    public @Nullable ByteString scaled(@Nullable String text, String field, int places) throws BadFrameException {
        if (text == null || text.isEmpty()) {
            return null;
        }
        Outcome outcome = value.parse(text);
        if (outcome == Outcome.TOO_PRECISE && rule == Rule.ROUND) {
            outcome = value.set(roundedToScale(new BigDecimal(text)));
            rounded = true;
        }
        if (outcome == Outcome.EXACT && places != 0) {
            BigDecimal exact = value.toBigDecimal().movePointLeft(places);
            outcome = value.set(exact);
            if (outcome == Outcome.TOO_PRECISE && rule == Rule.ROUND) {
                outcome = value.set(roundedToScale(exact));
                rounded = true;
            }
        }
        switch (outcome) {
            case EXACT -> {
                return ByteString.copyFrom(value.toWire());
            }
            case TOO_PRECISE -> throw bad(Reason.NUMBER_OUT_OF_RANGE, field, text, "has more than 18 decimals");
            case TOO_LARGE ->
                throw bad(Reason.NUMBER_OUT_OF_RANGE, field, text, "has more than 20 digits before the " + "point");
            default -> throw bad(Reason.BAD_NUMBER, field, text, "is no number");
        }
    }

    private static BigDecimal roundedToScale(BigDecimal exact) {
        // Far below the last place: never expanded to its billion digits.
        if ((long) exact.precision() - exact.scale() < -Decimal38.SCALE) {
            return BigDecimal.ZERO;
        }
        return exact.setScale(Decimal38.SCALE, RoundingMode.HALF_EVEN);
    }

    private static BadFrameException bad(Reason reason, String field, String text, String why) {
        String shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
        return new BadFrameException(reason, field + ": \"" + shown + "\" " + why);
    }
}
