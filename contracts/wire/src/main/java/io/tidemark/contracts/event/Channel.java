package io.tidemark.contracts.event;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The closed list of channels, and which event a record of each holds.
 *
 * <p>Bars have one channel per interval: {@code bars-1m}, {@code bars-native-1h}. All other names are fixed.
 */
public enum Channel {
    TRADES("trades"),
    QUOTES("quotes"),
    BOOK_SNAPSHOTS("book-snapshots"),
    BOOK_DELTAS("book-deltas"),
    TICKERS("tickers"),
    BARS("bars-"),
    BARS_NATIVE("bars-native-"),
    OPTIONS("options"),
    FUNDAMENTALS("fundamentals"),
    NEWS("news"),
    SESSIONS("sessions"),
    GAPS("gaps"),
    FRAMES("frames");

    /** A bar's interval: a count and a unit, seconds to weeks. */
    public static final Pattern INTERVAL = Pattern.compile("[1-9][0-9]{0,3}[smhdw]");

    /** The symbol of what belongs to a whole connection. */
    public static final String WHOLE_CONNECTION = "_";

    private static final List<Channel> FIXED = List.of(
            TRADES, QUOTES, BOOK_SNAPSHOTS, BOOK_DELTAS, TICKERS, OPTIONS, FUNDAMENTALS, NEWS, SESSIONS, GAPS, FRAMES);

    private final String label;

    Channel(String label) {
        this.label = label;
    }

    /** The channel's name in paths and messages; for bars, only what stands in front of the interval. */
    public String label() {
        return label;
    }

    public boolean isBars() {
        return this == BARS || this == BARS_NATIVE;
    }

    /** The name of the bars channel of an interval such as {@code 1m}. */
    public static String bars(String interval) {
        return BARS.label + checked(interval);
    }

    public static String nativeBars(String interval) {
        return BARS_NATIVE.label + checked(interval);
    }

    private static String checked(String interval) {
        if (!INTERVAL.matcher(interval).matches()) {
            throw new IllegalArgumentException("not a bar interval: \"" + interval + "\" (such as 1s, 1m, 4h)");
        }
        return interval;
    }

    /** Throws {@link IllegalArgumentException} for a name that is not on the list. */
    public static Channel of(String name) {
        for (Channel channel : FIXED) {
            if (channel.label.equals(name)) {
                return channel;
            }
        }
        if (name.startsWith(BARS_NATIVE.label)
                && INTERVAL.matcher(name.substring(BARS_NATIVE.label.length())).matches()) {
            return BARS_NATIVE;
        }
        if (name.startsWith(BARS.label)
                && INTERVAL.matcher(name.substring(BARS.label.length())).matches()) {
            return BARS;
        }
        throw new IllegalArgumentException("unknown channel \"" + name + "\"");
    }

    /** The interval of a bars channel's name. */
    public static String interval(String name) {
        Channel channel = of(name);
        if (!channel.isBars()) {
            throw new IllegalArgumentException("channel \"" + name + "\" holds no bars");
        }
        return name.substring(channel.label.length());
    }
}
