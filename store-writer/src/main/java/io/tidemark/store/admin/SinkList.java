package io.tidemark.store.admin;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.tidemark.store.database.JdbcAccess;
import io.tidemark.store.mode.BarTable;
import io.tidemark.store.mode.ModeRow;
import io.tidemark.store.mode.ModeState;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The sinks as their metrics show them, so that a new one is listed without being named here. */
@Singleton
final class SinkList {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final MeterRegistry metrics;
    private final ModeRow modes;
    private final JdbcAccess access;

    @Inject
    SinkList(MeterRegistry metrics, ModeRow modes, JdbcAccess access) {
        this.metrics = metrics;
        this.modes = modes;
        this.access = access;
    }

    List<Map<String, @Nullable Object>> list() {
        Map<String, Map<String, @Nullable Object>> sinks = new TreeMap<>();
        for (Counter counter : metrics.find("sink_writes_total").counters()) {
            String name = String.valueOf(counter.getId().getTag("sink"));
            Map<String, @Nullable Object> sink = sinks.computeIfAbsent(name, this::described);
            sink.put("batches_" + counter.getId().getTag("status"), (long) counter.count());
        }
        for (Timer timer : metrics.find("sink_write_latency").timers()) {
            Map<String, @Nullable Object> sink =
                    sinks.get(String.valueOf(timer.getId().getTag("sink")));
            if (sink != null) {
                times(timer, sink);
            }
        }
        return new ArrayList<>(sinks.values());
    }

    private Map<String, @Nullable Object> described(String name) {
        Map<String, @Nullable Object> sink = new LinkedHashMap<>();
        sink.put("sink", name);
        for (BarTable table : BarTable.values()) {
            if (table.sink().equals(name)) {
                sink.put("table", table.table());
                sink.put("role", role(table));
            }
        }
        sink.putIfAbsent("role", "only");
        return sink;
    }

    private String role(BarTable table) {
        ModeState mode = modes.current();
        if (mode == null) {
            return "not known yet";
        }
        boolean primary = mode.mode().legacyIsPrimary() == (table == BarTable.LEGACY);
        return primary ? "primary" : mode.mode().isDual() ? "shadow" : "off";
    }

    private static void times(Timer timer, Map<String, @Nullable Object> sink) {
        sink.put("mean_s", timer.mean(TimeUnit.SECONDS));
        CountAtBucket[] buckets = timer.takeSnapshot().histogramCounts();
        long all = timer.count();
        for (int percent : new int[] {50, 95, 99}) {
            Double below = null;
            for (CountAtBucket bucket : buckets) {
                if (below == null && all > 0 && bucket.count() >= Math.ceil(all * percent / 100.0)) {
                    below = bucket.bucket(TimeUnit.SECONDS);
                }
            }
            sink.put("p" + percent + "_at_most_s", below);
        }
    }

    /** The two bar sinks, since this process started, and their tables. */
    Map<String, Object> sideBySide() throws SQLException {
        Map<String, Object> report = new LinkedHashMap<>();
        ModeState mode = modes.current();
        report.put("mode", mode == null ? "not known yet" : mode.mode().name());
        List<Map<String, @Nullable Object>> sinks = list();
        try (Connection connection = access.open(LIMIT);
                Statement statement = connection.createStatement()) {
            for (BarTable table : BarTable.values()) {
                Map<String, @Nullable Object> side = new LinkedHashMap<>();
                sinks.stream()
                        .filter(sink -> table.sink().equals(sink.get("sink")))
                        .forEach(side::putAll);
                try (ResultSet row = statement.executeQuery("SELECT coalesce(sum(row_estimate), 0)::bigint,"
                        + " coalesce(sum(bytes), 0)::bigint, count(*) FROM tidemark_partitions WHERE table_name = '"
                        + table.table() + "'")) {
                    row.next();
                    long rows = row.getLong(1);
                    side.put("rows_estimate", rows);
                    side.put("bytes", row.getLong(2));
                    side.put("bytes_per_row", rows == 0 ? null : row.getLong(2) / rows);
                    side.put("partitions", row.getLong(3));
                }
                report.put(table.name().toLowerCase(java.util.Locale.ROOT), side);
            }
        }
        return report;
    }
}
