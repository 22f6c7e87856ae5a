package io.tidemark.contracts.files.schema;

import java.util.Comparator;

/** What one sequence of candles is of. Ordered by source, symbol, timeframe, tenant. */
public record Series(String tenant, String source, String symbol, String timeframe) implements Comparable<Series> {
    private static final Comparator<Series> ORDER = Comparator.comparing(Series::source)
            .thenComparing(Series::symbol)
            .thenComparing(Series::timeframe)
            .thenComparing(Series::tenant);

    @Override
    public int compareTo(Series other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return source + " " + symbol + " " + timeframe;
    }
}
