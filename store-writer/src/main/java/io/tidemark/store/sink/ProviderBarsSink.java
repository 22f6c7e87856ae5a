package io.tidemark.store.sink;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;

/** The table {@code bars_ohlcv}: everything a bar says, with its opening time in nanoseconds beside. */
final class ProviderBarsSink extends Sink<BarRow> {
    static final String TABLE = "bars_ohlcv";

    private static final List<Column<BarRow>> COLUMNS = List.of(
            Column.text("tenant_id", BarRow::tenant),
            Column.text("vendor", BarRow::vendor),
            Column.text("symbol", BarRow::symbol),
            Column.text("timeframe", BarRow::timeframe),
            Column.time("ts", BarRow::openTime),
            Column.whole("ts_ns", BarRow::openTime),
            Column.text("source", BarRow::source),
            Column.decimal("open", BarRow::open),
            Column.decimal("high", BarRow::high),
            Column.decimal("low", BarRow::low),
            Column.decimal("close", BarRow::close),
            Column.decimal("volume", BarRow::volume),
            Column.decimal("quote_volume", BarRow::quoteVolume),
            Column.whole("trade_count", BarRow::tradeCount),
            Column.whole("revision", BarRow::revision),
            Column.flag("complete", BarRow::complete),
            Column.flag("rounded", BarRow::rounded),
            Column.text("edge", BarRow::edge));

    private final Counter writes;
    private final Counter fails;
    private final Timer latency;

    ProviderBarsSink(MeterRegistry metrics) {
        super("provider_bars", TABLE, COLUMNS, BarColumns.KEY, BarColumns.WINS, metrics);
        this.writes = Counter.builder("provider_sink_writes_total")
                .description("Batches that the provider sink wrote")
                .register(metrics);
        this.fails = Counter.builder("provider_sink_fails_total")
                .description("Batches that the provider sink could not write")
                .register(metrics);
        this.latency = timer("provider_sink_latency", "Time of a batch's statements", metrics);
    }

    @Override
    void committed(int rows, long nanos) {
        super.committed(rows, nanos);
        writes.increment();
        latency.record(Duration.ofNanos(nanos));
    }

    @Override
    void failed() {
        super.failed();
        fails.increment();
    }
}
