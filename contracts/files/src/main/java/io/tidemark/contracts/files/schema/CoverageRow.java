package io.tidemark.contracts.files.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much of one alert's window there is. Times in milliseconds since 1970 UTC; windows are half-open.
 *
 * @param gaps stretches of intervals without a candle
 * @param reason why nothing was found; null where something was
 * @param more the alert's own further columns
 */
public record CoverageRow(
        String alertId,
        String source,
        String symbol,
        long tsMs,
        String timeframe,
        String bucket,
        long fromMs,
        long toMs,
        long expected,
        long found,
        List<Gap> gaps,
        @Nullable String reason,
        List<@Nullable String> more) {
    /** A stretch of missing intervals, half-open. */
    public record Gap(long fromMs, long toMs, long missing) {}

    /** Of what is expected, how much was found. */
    public double ratio() {
        return (double) found / expected;
    }
}
