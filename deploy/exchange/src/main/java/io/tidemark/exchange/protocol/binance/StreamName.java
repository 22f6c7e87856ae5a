package io.tidemark.exchange.protocol.binance;

import java.util.Locale;

/** Names of Binance's streams, {@code <symbol>@<kind>[@<speed>]}; the symbol is lower case in them. */
final class StreamName {
    private StreamName() {}

    /** The one spelling used for comparing: the symbol in lower case, the rest as it is. */
    static String normal(String name) {
        int at = name.indexOf('@');
        return at < 0 ? name : name.substring(0, at).toLowerCase(Locale.ROOT) + name.substring(at);
    }

    /** What it carries: {@code depth} of {@code btcusdt@depth@100ms}. */
    static String kind(String name) {
        int at = name.indexOf('@');
        if (at < 0) {
            return name;
        }
        int second = name.indexOf('@', at + 1);
        return second < 0 ? name.substring(at + 1) : name.substring(at + 1, second);
    }

    static boolean isValid(String name) {
        int at = name.indexOf('@');
        return at > 0 && at < name.length() - 1 && name.length() <= 100;
    }
}
