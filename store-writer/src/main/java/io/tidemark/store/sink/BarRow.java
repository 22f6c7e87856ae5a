package io.tidemark.store.sink;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.store.write.Inbound;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A bar as both tables hold it. Absent numbers are null; only the close is always there.
 *
 * @param openTime nanoseconds since 1970, a whole number of microseconds
 * @param origin the record it was read from, for the dead letter should the database refuse it
 */
public record BarRow(
        String tenant,
        String vendor,
        String symbol,
        String timeframe,
        long openTime,
        String source,
        @Nullable Decimal38 open,
        @Nullable Decimal38 high,
        @Nullable Decimal38 low,
        Decimal38 close,
        @Nullable Decimal38 volume,
        @Nullable Decimal38 quoteVolume,
        long tradeCount,
        long revision,
        boolean complete,
        boolean rounded,
        String edge,
        Inbound origin)
        implements SinkRow {

    /** The order of the primary key: bytes of the texts, as the database's collation "C" has it. */
    static final Comparator<BarRow> BY_KEY = BarRow::compareKeys;

    private static int compareKeys(BarRow left, BarRow right) {
        int order = ByteOrder.compare(left.tenant, right.tenant);
        if (order == 0) {
            order = ByteOrder.compare(left.vendor, right.vendor);
        }
        if (order == 0) {
            order = ByteOrder.compare(left.symbol, right.symbol);
        }
        if (order == 0) {
            order = ByteOrder.compare(left.timeframe, right.timeframe);
        }
        return order == 0 ? Long.compare(left.openTime, right.openTime) : order;
    }

    @Override
    public long time() {
        return openTime;
    }

    /**
     * Whether this record of the same bar replaces the other: complete wins, then more trades, then the
     * higher revision, then the smaller edge name. An equal one does not replace.
     */
    boolean replaces(BarRow other) {
        if (complete != other.complete) {
            return complete;
        }
        if (tradeCount != other.tradeCount) {
            return tradeCount > other.tradeCount;
        }
        if (revision != other.revision) {
            return revision > other.revision;
        }
        return ByteOrder.compare(edge, other.edge) < 0;
    }
}
