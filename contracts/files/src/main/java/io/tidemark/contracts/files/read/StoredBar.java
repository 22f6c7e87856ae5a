package io.tidemark.contracts.files.read;

import io.tidemark.contracts.decimal.Decimal38;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an event file says of one bar, as far as candles need it.
 *
 * @param openTime nanoseconds since 1970 UTC
 * @param numbers open, high, low, close, volume; null where the bar has none
 */
public record StoredBar(
        String edge,
        String channel,
        String vendor,
        String symbol,
        String timeframe,
        long openTime,
        List<@Nullable Decimal38> numbers,
        long tradeCount,
        long revision,
        boolean complete) {}
