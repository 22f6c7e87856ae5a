package io.tidemark.edge.feed;

import io.vertx.core.MultiMap;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long a venue asks to be left alone. */
final class RetryAfter {
    /** Binance: 429 is "slow down", 418 is "banned, from 2 minutes upwards". */
    private static final Duration SLOW_DOWN = Duration.ofSeconds(30);

    private static final Duration BANNED = Duration.ofMinutes(2);
    private static final Duration LONGEST = Duration.ofDays(3);

    private RetryAfter() {}

    /** Zero where the venue asks for nothing. */
    static Duration of(int status, MultiMap headers) {
        Duration asked = parse(headers.get("Retry-After"));
        if (asked != null) {
            return asked;
        }
        return switch (status) {
            case 429 -> SLOW_DOWN;
            case 418 -> BANNED;
            default -> Duration.ZERO;
        };
    }

    /** Seconds; the other form of HTTP, a date, is not used by exchanges. */
    private static @Nullable Duration parse(@Nullable String text) {
        if (text == null || text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(text));
        return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }
}
