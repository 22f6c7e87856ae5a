package io.tidemark.store.verify;

import io.tidemark.store.mode.Evidence;
import io.tidemark.store.mode.StoreMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What comparing the two bar tables has shown.
 *
 * @param epoch of the mode when the comparison began
 * @param buckets compared by count and sum of hashes
 * @param differences how many rows differ; {@code rows} names the first of them
 */
public record ParityReport(
        Instant from,
        Instant to,
        StoreMode mode,
        long epoch,
        long rowsLegacy,
        long rowsProvider,
        long buckets,
        long bucketsDiffering,
        long differences,
        List<RowDifference> rows,
        double seconds) {

    /** Why a row is named. */
    public enum Kind {
        ONLY_LEGACY,
        ONLY_PROVIDER,
        DIFFERENT
    }

    /**
     * A key whose rows are not the same.
     *
     * @param columns for {@link Kind#DIFFERENT}: column of {@code bars_ohlcv} to the values of both, legacy first
     */
    public record RowDifference(
            Kind kind,
            String tenant,
            String vendor,
            String symbol,
            String timeframe,
            Instant ts,
            Map<String, List<String>> columns) {}

    public boolean isClean() {
        return differences == 0 && bucketsDiffering == 0;
    }

    public Evidence evidence() {
        return new Evidence(epoch, isClean(), summary());
    }

    public String summary() {
        return rowsLegacy + " rows in bars, " + rowsProvider + " in bars_ohlcv, " + differences + " differ";
    }
}
