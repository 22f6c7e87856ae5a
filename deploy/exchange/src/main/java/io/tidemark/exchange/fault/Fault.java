package io.tidemark.exchange.fault;

import io.tidemark.exchange.emission.Trouble;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One fault that is asked for: what happens, and before which frame.
 *
 * @param text as it was asked for
 * @param at number of the emitted frame before which it strikes, from 1; 0 for the next one
 */
record Fault(
        String text,
        Kind kind,
        long at,
        Trouble trouble,
        @Nullable Refusal refusal) {
    private static final Pattern FORM =
            Pattern.compile("([a-z0-9-]+)(?:@(\\d{1,15}|now))?(?:x(\\d{1,9}))?((?::[A-Za-z0-9.]+)*)");
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(B|KB|MB)");

    /** What can be asked for; the names are those of the command line. */
    enum Kind {
        MUTE,
        SKIP,
        DUPLICATE,
        REORDER,
        GARBAGE,
        HALF_FRAME,
        HUGE_FRAME,
        DISCONNECT,
        CLOSE_24H,
        FLOOD,
        REFUSE,
        SLAM;

        String asWritten() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * What meets those who come after the line was cut.
     *
     * @param status the HTTP status of the answer; 0 for a connection that is taken and closed at once
     * @param retryAfterSeconds what the answer says in Retry-After
     * @param times how many requests are met so; -1 for as long as it lasts
     * @param nanos how long it lasts; {@link Long#MAX_VALUE} for ever
     */
    record Refusal(int status, long retryAfterSeconds, long times, long nanos) {}

    /** Reads {@code name@frame[xcount][:value...]}; the failure says what is understood. */
    static Fault parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not of the form name@frame[xcount][:value]");
        }
        Kind kind = kind(text, matcher.group(1));
        String place = matcher.group(2);
        long at = place == null || place.equals("now") ? 0 : Long.parseLong(place);
        long count = matcher.group(3) == null ? -1 : Long.parseLong(matcher.group(3));
        String[] values = matcher.group(4).isEmpty()
                ? new String[0]
                : matcher.group(4).substring(1).split(":", -1);
        Values given = new Values(text, values);
        Fault fault = new Fault(text, kind, at, trouble(kind, count, given), refusal(kind, count, given));
        given.end();
        return fault;
    }

    private static Kind kind(String text, String name) {
        for (Kind kind : Kind.values()) {
            if (kind.asWritten().equals(name)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("\"" + text + "\" names no fault that is known");
    }

    private static Trouble trouble(Kind kind, long count, Values values) {
        long frames = count < 0 ? 1 : count;
        return switch (kind) {
            case MUTE -> new Trouble(Trouble.Kind.MUTE, values.nanos(Duration.ofSeconds(30)));
            case FLOOD -> new Trouble(Trouble.Kind.FLOOD, values.nanos(Duration.ofSeconds(5)));
            case SKIP -> new Trouble(Trouble.Kind.SKIP, frames);
            case DUPLICATE -> new Trouble(Trouble.Kind.DUPLICATE, frames);
            case GARBAGE -> new Trouble(Trouble.Kind.GARBAGE, frames);
            case REORDER -> new Trouble(Trouble.Kind.REORDER, 1);
            case HALF_FRAME -> new Trouble(Trouble.Kind.HALF_FRAME, 1);
            case HUGE_FRAME -> new Trouble(Trouble.Kind.HUGE_FRAME, values.bytes(100L << 20));
            case CLOSE_24H -> new Trouble(Trouble.Kind.CLOSE, 1);
            case DISCONNECT, REFUSE, SLAM -> new Trouble(Trouble.Kind.DISCONNECT, 1);
        };
    }

    private static @Nullable Refusal refusal(Kind kind, long count, Values values) {
        if (kind == Kind.REFUSE) {
            int status = values.status(429);
            long retryAfter = values.nanos(Duration.ofSeconds(2)) / 1_000_000_000;
            return new Refusal(status, retryAfter, count < 0 ? 1 : count, Long.MAX_VALUE);
        }
        if (kind == Kind.SLAM) {
            boolean timed = values.more();
            long nanos = timed ? values.nanos(Duration.ofSeconds(1)) : Long.MAX_VALUE;
            return new Refusal(0, 0, count, nanos);
        }
        return null;
    }

    /** The values behind the colons, in order. */
    private static final class Values {
        private final String text;
        private final String[] values;
        private int next;

        Values(String text, String[] values) {
            this.text = text;
            this.values = values;
        }

        boolean more() {
            return next < values.length;
        }

        long nanos(Duration otherwise) {
            if (!more()) {
                return otherwise.toNanos();
            }
            Matcher time = TIME.matcher(values[next++]);
            if (!time.matches()) {
                throw wrong("a time such as 500ms, 30s or 2m");
            }
            long amount = Long.parseLong(time.group(1));
            return switch (time.group(2)) {
                case "ms" -> Duration.ofMillis(amount).toNanos();
                case "s" -> Duration.ofSeconds(amount).toNanos();
                default -> Duration.ofMinutes(amount).toNanos();
            };
        }

        long bytes(long otherwise) {
            if (!more()) {
                return otherwise;
            }
            Matcher size = SIZE.matcher(values[next++]);
            if (!size.matches()) {
                throw wrong("a size such as 100MB");
            }
            int shift = size.group(2).equals("MB") ? 20 : size.group(2).equals("KB") ? 10 : 0;
            return Long.parseLong(size.group(1)) << shift;
        }

        int status(int otherwise) {
            if (!more()) {
                return otherwise;
            }
            String status = values[next++];
            if (!status.matches("[45]\\d\\d")) {
                throw wrong("an HTTP status such as 429 or 418");
            }
            return Integer.parseInt(status);
        }

        void end() {
            if (more()) {
                throw wrong("nothing more");
            }
        }

        private IllegalArgumentException wrong(String expected) {
            return new IllegalArgumentException("\"" + text + "\": expected " + expected);
        }
    }
}
