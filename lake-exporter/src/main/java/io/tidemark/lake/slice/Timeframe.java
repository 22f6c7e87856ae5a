package io.tidemark.lake.slice;

import io.tidemark.contracts.event.Channel;

/** The length of a candle from its name: {@code 1s}, {@code 5m}, {@code 4h}, {@code 1d}, {@code 1w}. */
public final class Timeframe {
    private Timeframe() {}

    /** Throws {@link IllegalArgumentException} for another text. */
    public static long seconds(String name) {
        if (!Channel.INTERVAL.matcher(name).matches()) {
            throw new IllegalArgumentException("\"" + name + "\" is no timeframe (such as 1s, 1m, 4h, 1d)");
        }
        long count = Long.parseLong(name.substring(0, name.length() - 1));
        return count
                * switch (name.charAt(name.length() - 1)) {
                    case 's' -> 1L;
                    case 'm' -> 60L;
                    case 'h' -> 3_600L;
                    case 'd' -> 86_400L;
                    default -> 604_800L;
                };
    }
}
