package io.tidemark.sync.retention;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a synced file may be deleted at the edge.
 *
 * @param grace since it was verified at the target; absent: it is kept
 */
public record DeleteAfter(Optional<Duration> grace) {
    public static final DeleteAfter KEEP = new DeleteAfter(Optional.empty());

    private static final Pattern SHAPE = Pattern.compile("(\\d{1,9})([smhd])");

    /** {@code keep}, or a time such as {@code 30m}, {@code 48h} or {@code 7d}. */
    public static DeleteAfter of(String text) {
        if (text.strip().equals("keep")) {
            return KEEP;
        }
        Matcher match = SHAPE.matcher(text.strip());
        if (!match.matches()) {
            throw new IllegalArgumentException("must be keep, or a time such as 30m, 48h or 7d; not \"" + text + "\"");
        }
        long count = Long.parseLong(match.group(1));
        return new DeleteAfter(Optional.of(
                switch (match.group(2)) {
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                }));
    }
}
