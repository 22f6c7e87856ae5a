package io.tidemark.sync.transfer;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many bytes a second may go to the target, over all files together.
 *
 * @param bytesPerSecond zero for no limit
 */
public record Bandwidth(long bytesPerSecond) {
    public static final Bandwidth UNLIMITED = new Bandwidth(0);

    private static final Pattern SHAPE = Pattern.compile("(\\d{1,9})([KMG]?)(?:I?B)?(?:/S)?");

    /** {@code unlimited}, or a size per second such as {@code 512K} or {@code 10M} (steps of 1024). */
    public static Bandwidth of(String text) {
        if (text.strip().equalsIgnoreCase("unlimited")) {
            return UNLIMITED;
        }
        Matcher match = SHAPE.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (match.matches()) {
            int shift = switch (match.group(2)) {
                case "K" -> 10;
                case "M" -> 20;
                case "G" -> 30;
                default -> 0;
            };
            long limit = Math.multiplyExact(Long.parseLong(match.group(1)), 1L << shift);
            if (limit >= 1024) {
                return new Bandwidth(limit);
            }
        }
        throw new IllegalArgumentException(
                "must be unlimited, or at least 1K bytes a second, such as 512K or 10M; not \"" + text + "\"");
    }

    @Override
    public String toString() {
        return bytesPerSecond == 0 ? "unlimited" : bytesPerSecond + " bytes/s";
    }
}
