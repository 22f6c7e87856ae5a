package io.tidemark.store.mode;

import java.util.ArrayList;
import java.util.List;

/**
 * One of the two tables of a bar, by the columns that both have: what comparing, copying and probing need.
 *
 * <p>The names stand in the same order in both, so that rows can be compared by position.
 */
public enum BarTable {
    LEGACY("bars", "legacy_bars", List.of("open_price", "high_price", "low_price", "close_price", "volume")),
    PROVIDER("bars_ohlcv", "provider_bars", List.of("open", "high", "low", "close", "volume"));

    /** The primary key of both. */
    public static final List<String> KEY = List.of("tenant_id", "vendor", "symbol", "timeframe", "ts");

    /** What decides between two records of one bar. */
    public static final List<String> RANK = List.of("trade_count", "revision", "complete", "edge");

    private final String table;
    private final String sink;
    private final List<String> prices;

    BarTable(String table, String sink, List<String> prices) {
        this.table = table;
        this.sink = sink;
        this.prices = prices;
    }

    public String table() {
        return table;
    }

    /** The name of its sink in metrics and divergences. */
    public String sink() {
        return sink;
    }

    public BarTable other() {
        return this == LEGACY ? PROVIDER : LEGACY;
    }

    /** Open, high, low, close, volume. */
    public List<String> prices() {
        return prices;
    }

    /** What has to be equal where the keys are. */
    public List<String> facts() {
        List<String> values = new ArrayList<>(prices);
        values.addAll(RANK);
        return values;
    }

    /** Key and values, each with the alias in front. */
    public String columns(String alias) {
        List<String> all = new ArrayList<>(KEY);
        all.addAll(facts());
        return join(alias, all);
    }

    public static String join(String alias, List<String> columns) {
        return String.join(
                ", ", columns.stream().map(column -> alias + "." + column).toList());
    }
}
