package io.tidemark.store.sink;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** The table {@code bars}, with the older system's column names. */
final class LegacyBarsSink extends Sink<BarRow> {
    static final String TABLE = "bars";

    private static final List<Column<BarRow>> COLUMNS = List.of(
            Column.text("tenant_id", BarRow::tenant),
            Column.text("vendor", BarRow::vendor),
            Column.text("symbol", BarRow::symbol),
            Column.text("timeframe", BarRow::timeframe),
            Column.time("ts", BarRow::openTime),
            Column.decimal("open_price", BarRow::open),
            Column.decimal("high_price", BarRow::high),
            Column.decimal("low_price", BarRow::low),
            Column.decimal("close_price", BarRow::close),
            Column.decimal("volume", BarRow::volume),
            Column.whole("trade_count", BarRow::tradeCount),
            Column.whole("revision", BarRow::revision),
            Column.flag("complete", BarRow::complete),
            Column.text("edge", BarRow::edge));

    LegacyBarsSink(MeterRegistry metrics) {
        super("legacy_bars", TABLE, COLUMNS, BarColumns.KEY, BarColumns.WINS, metrics);
    }
}
