package io.tidemark.store.sink;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.store.write.Inbound;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/** The table {@code bars}, with the older system's column names. */
final class LegacyBarsSink extends Sink<BarRow> {
    static final String TABLE = "bars";

    private static final String INSERT = """
            INSERT INTO bars AS kept (tenant_id, vendor, symbol, timeframe, ts,
                open_price, high_price, low_price, close_price, volume, trade_count, revision, complete, edge)
            SELECT u.tenant_id, u.vendor, u.symbol, u.timeframe, u.ts,
                u.o::numeric, u.h::numeric, u.l::numeric, u.c::numeric, u.v::numeric,
                u.trade_count, u.revision, u.complete, u.edge
            FROM UNNEST($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[],
                $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
                $11::bigint[], $12::bigint[], $13::boolean[], $14::text[])
                AS u(tenant_id, vendor, symbol, timeframe, ts, o, h, l, c, v, trade_count, revision, complete, edge)
            """;

    private static final String UPSERT = INSERT + """
            ON CONFLICT (tenant_id, vendor, symbol, timeframe, ts) DO UPDATE SET
                open_price = EXCLUDED.open_price, high_price = EXCLUDED.high_price,
                low_price = EXCLUDED.low_price, close_price = EXCLUDED.close_price, volume = EXCLUDED.volume,
                trade_count = EXCLUDED.trade_count, revision = EXCLUDED.revision,
                complete = EXCLUDED.complete, edge = EXCLUDED.edge
            WHERE (EXCLUDED.complete, EXCLUDED.trade_count, EXCLUDED.revision)
                    > (kept.complete, kept.trade_count, kept.revision)
                OR (EXCLUDED.complete, EXCLUDED.trade_count, EXCLUDED.revision)
                    = (kept.complete, kept.trade_count, kept.revision) AND EXCLUDED.edge < kept.edge
            """;

    LegacyBarsSink(MeterRegistry metrics) {
        super("legacy_bars", metrics);
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
            BarColumns.numbers(rows, BarRow::open),
            BarColumns.numbers(rows, BarRow::high),
            BarColumns.numbers(rows, BarRow::low),
            BarColumns.numbers(rows, BarRow::close),
            BarColumns.numbers(rows, BarRow::volume),
            BarColumns.longs(rows, BarRow::tradeCount),
            BarColumns.longs(rows, BarRow::revision),
            BarColumns.flags(rows, BarRow::complete),
            BarColumns.texts(rows, BarRow::edge)
        });
    }

    @Override
    Inbound origin(BarRow row) {
        return row.origin();
    }
}
