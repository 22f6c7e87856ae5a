package io.tidemark.store.sink;

import java.util.List;

/** What both bar tables have in common. */
final class BarColumns {
    static final List<String> KEY = List.of("tenant_id", "vendor", "symbol", "timeframe", "ts");

    /** {@link BarRow#replaces} for the row that comes and the one that is there. */
    static final String WINS = """
            (EXCLUDED.complete, EXCLUDED.trade_count, EXCLUDED.revision)
                > (kept.complete, kept.trade_count, kept.revision)
            OR (EXCLUDED.complete, EXCLUDED.trade_count, EXCLUDED.revision)
                = (kept.complete, kept.trade_count, kept.revision) AND EXCLUDED.edge < kept.edge
            """;

    private BarColumns() {}
}
