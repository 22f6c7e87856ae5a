package io.tidemark.store.sink;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.store.database.DatabaseFailure;
import io.tidemark.store.database.Tx;
import io.tidemark.store.mode.StoreMode;
import io.tidemark.store.write.Inbound;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Bars from bytes to tables: decodes, keeps one row per key, and writes the primary and the shadow sink of
 * the mode. Thread-safe.
 */
public final class BarFamily {
    private final BarDecoder decoder;
    private final Sink<BarRow> legacy;
    private final Sink<BarRow> provider;
    private final Counter written;

    /** {@code tenant} and {@code timeframe} fill in what a record lacks. */
    public BarFamily(String tenant, String timeframe, InstantSource clock, MeterRegistry metrics) {
        this.decoder = new BarDecoder(tenant, timeframe, clock);
        this.legacy = new LegacyBarsSink(metrics);
        this.provider = new ProviderBarsSink(metrics);
        this.written = Counter.builder("store_bars_written_total")
                .description("Bars inserted or replaced in the primary table")
                .register(metrics);
    }

    /** The tables that a mode writes. */
    public List<String> tables(StoreMode mode) {
        if (mode.isDual()) {
            return List.of(legacy.table(), provider.table());
        }
        return List.of(primary(mode).table());
    }

    private Sink<BarRow> primary(StoreMode mode) {
        return mode.legacyIsPrimary() ? legacy : provider;
    }

    private Sink<BarRow> shadow(StoreMode mode) {
        return mode.legacyIsPrimary() ? provider : legacy;
    }

    public PreparedBars prepare(List<Inbound> records) {
        List<BarRow> read = new ArrayList<>(records.size());
        List<Rejected> rejected = new ArrayList<>();
        Map<String, Integer> edges = new HashMap<>();
        for (Inbound inbound : records) {
            try {
                BarRow row = decoder.decode(inbound);
                edges.merge(row.edge(), 1, Integer::sum);
                read.add(row);
            } catch (NotARow e) {
                rejected.add(e.of(inbound));
            }
        }
        List<BarRow> rows = Latest.of(read, BarRow.BY_KEY, BarRow::replaces);
        Months months = new Months();
        rows.forEach(row -> months.add(row.time()));
        return new PreparedBars(rows, rejected, months.firstDays(), edges);
    }

    /** Writes inside the caller's transaction; rows of each tenant under that tenant's name. */
    public WrittenBars write(Tx tx, StoreMode mode, PreparedBars bars) {
        WrittenBars result = new WrittenBars();
        List<BarRow> rows = bars.rows();
        int from = 0;
        while (from < rows.size()) {
            int to = from + 1;
            while (to < rows.size()
                    && rows.get(to).tenant().equals(rows.get(from).tenant())) {
                to++;
            }
            tx.later(
                    "SELECT set_config('tidemark.tenant', $1, true)",
                    Tuple.of(rows.get(from).tenant()));
            write(tx, mode, rows.subList(from, to), result);
            from = to;
        }
        return result;
    }

    private void write(Tx tx, StoreMode mode, List<BarRow> rows, WrittenBars result) {
        Sink<BarRow> primary = primary(mode);
        List<Rejected> refused = new ArrayList<>();
        long began = System.nanoTime();
        try {
            result.rowsChanged += primary.write(tx, rows, refused::add);
        } catch (DatabaseFailure e) {
            primary.failed();
            throw e;
        }
        result.primaryNanos += System.nanoTime() - began;
        result.refused.addAll(refused);
        if (!mode.isDual()) {
            return;
        }
        List<BarRow> accepted = rows;
        if (!refused.isEmpty()) {
            List<Inbound> origins = refused.stream().map(Rejected::origin).toList();
            accepted =
                    rows.stream().filter(row -> !origins.contains(row.origin())).toList();
        }
        if (!accepted.isEmpty()) {
            writeShadow(tx, shadow(mode), accepted, result);
        }
    }

    /** What only this table refuses is recorded as a divergence; a fault of the connection fails the batch. */
    private static void writeShadow(Tx tx, Sink<BarRow> shadow, List<BarRow> rows, WrittenBars result) {
        long began = System.nanoTime();
        try {
            shadow.writeWhole(tx, rows);
            result.shadowNanos += System.nanoTime() - began;
        } catch (DatabaseFailure e) {
            shadow.failed();
            if (e.mayPass()) {
                throw e;
            }
            WrittenBars.Divergence before = result.divergence;
            result.divergence = new WrittenBars.Divergence(
                    shadow.name(),
                    rows.size() + (before == null ? 0 : before.rows()),
                    e.sqlState(),
                    String.valueOf(e.getMessage()));
        }
    }

    /** Counts what a committed transaction wrote. */
    public void committed(StoreMode mode, PreparedBars bars, WrittenBars result) {
        if (bars.rows().isEmpty()) {
            return;
        }
        written.increment(result.rowsChanged);
        primary(mode).committed(result.rowsChanged, result.primaryNanos);
        if (mode.isDual() && result.divergence == null) {
            shadow(mode).committed(bars.rows().size(), result.shadowNanos);
        }
    }
}
