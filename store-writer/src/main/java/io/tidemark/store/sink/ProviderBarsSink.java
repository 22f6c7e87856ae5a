package io.tidemark.store.sink;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidemark.store.write.Inbound;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;

/** The table {@code bars_ohlcv}: everything a bar says, with its opening time in nanoseconds beside. */
final class ProviderBarsSink extends Sink<BarRow> {
    static final String TABLE = "bars_ohlcv";

    private static final String INSERT = """
            INSERT INTO bars_ohlcv AS kept (tenant_id, vendor, symbol, timeframe, ts, ts_ns, source,
                open, high, low, close, volume, quote_volume, trade_count, revision, complete, rounded, edge)
            SELECT u.tenant_id, u.vendor, u.symbol, u.timeframe, u.ts, u.ts_ns, u.source,
                u.o::numeric, u.h::numeric, u.l::numeric, u.c::numeric, u.v::numeric, u.q::numeric,
                u.trade_count, u.revision, u.complete, u.rounded, u.edge
            FROM UNNEST($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[],
                $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
                $14::bigint[], $15::bigint[], $16::boolean[], $17::boolean[], $18::text[])
                AS u(tenant_id, vendor, symbol, timeframe, ts, ts_ns, source, o, h, l, c, v, q,
                    trade_count, revision, complete, rounded, edge)
            """;

    private static final String UPSERT = INSERT + """
            ON CONFLICT (tenant_id, vendor, symbol, timeframe, ts) DO UPDATE SET
                ts_ns = EXCLUDED.ts_ns, source = EXCLUDED.source,
                open = EXCLUDED.open, high = EXCLUDED.high, low = EXCLUDED.low, close = EXCLUDED.close,
                volume = EXCLUDED.volume, quote_volume = EXCLUDED.quote_volume,
                trade_count = EXCLUDED.trade_count, revision = EXCLUDED.revision,
                complete = EXCLUDED.complete, rounded = EXCLUDED.rounded, edge = EXCLUDED.edge
            WHERE (EXCLUDED.complete, EXCLUDED.trade_count, EXCLUDED.revision)
                    > (kept.complete, kept.trade_count, kept.revision)
                OR (EXCLUDED.complete, EXCLUDED.trade_count, EXCLUDED.revision)
                    = (kept.complete, kept.trade_count, kept.revision) AND EXCLUDED.edge < kept.edge
            """;

    private final Counter writes;
    private final Counter fails;
    private final Timer latency;

    ProviderBarsSink(MeterRegistry metrics) {
        super("provider_bars", metrics);
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

    @Override
    String table() {
        return TABLE;
    }

    @Override
    String insert() {
        return INSERT;
    }

    @Override
    String upsert() {
        return UPSERT;
    }

    @Override
    Tuple bind(List<BarRow> rows) {
        return Tuple.wrap(new Object[] {
            BarColumns.texts(rows, BarRow::tenant),
            BarColumns.texts(rows, BarRow::vendor),
            BarColumns.texts(rows, BarRow::symbol),
            BarColumns.texts(rows, BarRow::timeframe),
            BarColumns.times(rows),
            BarColumns.longs(rows, BarRow::openTime),
            BarColumns.texts(rows, BarRow::source),
            BarColumns.numbers(rows, BarRow::open),
            BarColumns.numbers(rows, BarRow::high),
            BarColumns.numbers(rows, BarRow::low),
            BarColumns.numbers(rows, BarRow::close),
            BarColumns.numbers(rows, BarRow::volume),
            BarColumns.numbers(rows, BarRow::quoteVolume),
            BarColumns.longs(rows, BarRow::tradeCount),
            BarColumns.longs(rows, BarRow::revision),
            BarColumns.flags(rows, BarRow::complete),
            BarColumns.flags(rows, BarRow::rounded),
            BarColumns.texts(rows, BarRow::edge)
        });
    }

    @Override
    Inbound origin(BarRow row) {
        return row.origin();
    }
}
