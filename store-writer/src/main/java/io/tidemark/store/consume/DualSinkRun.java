package io.tidemark.store.consume;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.store.database.DatabaseUrl;
import io.tidemark.store.database.JdbcAccess;
import io.tidemark.store.migrate.ScratchSchema;
import io.tidemark.store.mode.BarTable;
import io.tidemark.store.mode.ModeChange;
import io.tidemark.store.verify.ParityCheck;
import io.tidemark.store.verify.ParityReport;
import io.tidemark.store.verify.SampleBars;
import io.tidemark.store.verify.SampleCheck;
import io.tidemark.store.write.Batch;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends sample bars through queue, workers and both sinks, and reads both tables back.
 *
 * <p>A record's latency runs from the offer to the queue until its transaction, with both tables and the
 * offset, is committed; all records of a round are offered at once. Rounds for warming up go the same way
 * under other symbols and are not measured, but compared.
 */
final class DualSinkRun {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final String TENANT = "default";

    private final Options options;
    private final Object lock = new Object();
    private long[] latencies = new long[0];
    private int done;
    private long offeredAt;

    DualSinkRun(Options options) {
        this.options = options;
    }

    /** How much is sent, and how. */
    record Options(DatabaseUrl url, int symbols, int bars, int batch, int workers, int warmUps, long seed) {}

    /** The result as it is printed, and whether everything was as it should be. */
    record Result(boolean good, Map<String, @Nullable Object> figures) {}

    Result run() throws SQLException, IOException, ModeChange.Refused, InterruptedException {
        JdbcAccess access = new JdbcAccess(options.url);
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        try (ScratchSchema schema = ScratchSchema.create(access, TENANT);
                DirectWriter writer = new DirectWriter(
                        options.url,
                        schema.name(),
                        options.workers,
                        options.batch,
                        options.symbols,
                        metrics,
                        this::committed)) {
            for (int round = 0; round < options.warmUps; round++) {
                round(writer, new SampleBars(options.seed, "WARM" + round + "X"));
            }
            Map<String, SinkTimes> before = times(metrics);
            SampleBars bars = new SampleBars(options.seed, "VERIFY");
            long attempts = writer.attempts();
            double seconds = round(writer, bars);
            long extra = writer.attempts() - attempts - transactions();
            writer.drain(LIMIT);
            return judge(access.in(schema.name()), bars, metrics, before, seconds, extra);
        }
    }

    private long transactions() {
        return (long) options.symbols * ((options.bars + options.batch - 1) / options.batch);
    }

    private void committed(Batch batch, long nanos) {
        synchronized (lock) {
            for (int i = 0; i < batch.records().size() && done < latencies.length; i++) {
                latencies[done++] = nanos - offeredAt;
            }
            lock.notifyAll();
        }
    }

    /** Sends all and waits for the last commit; the seconds it took. */
    private double round(DirectWriter writer, SampleBars bars) throws InterruptedException {
        List<List<List<byte[]>>> batches = new ArrayList<>();
        for (int symbol = 0; symbol < options.symbols; symbol++) {
            List<List<byte[]>> own = new ArrayList<>();
            for (int from = 0; from < options.bars; from += options.batch) {
                List<byte[]> some = new ArrayList<>();
                for (int i = from; i < Math.min(options.bars, from + options.batch); i++) {
                    some.add(bars.record(symbol, i));
                }
                own.add(some);
            }
            batches.add(own);
        }
        int all = options.symbols * options.bars;
        synchronized (lock) {
            latencies = new long[all];
            done = 0;
            offeredAt = System.nanoTime();
        }
        for (int next = 0; next < batches.get(0).size(); next++) {
            for (int symbol = 0; symbol < options.symbols; symbol++) {
                writer.offer(symbol, batches.get(symbol).get(next));
            }
        }
        long deadline = offeredAt + LIMIT.toNanos();
        synchronized (lock) {
            while (done < all && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.timedWait(lock, 100);
            }
            return (System.nanoTime() - offeredAt) / 1e9;
        }
    }

    private Result judge(
            JdbcAccess access,
            SampleBars bars,
            SimpleMeterRegistry metrics,
            Map<String, SinkTimes> before,
            double seconds,
            long repeated)
            throws SQLException, ModeChange.Refused {
        SampleCheck check = new SampleCheck(access);
        SampleCheck.Found legacy = check.compare(BarTable.LEGACY, bars, options.symbols, options.bars);
        SampleCheck.Found provider = check.compare(BarTable.PROVIDER, bars, options.symbols, options.bars);
        ParityReport parity = new ParityCheck(access, 20).compare(ParityCheck.BEGINNING, ParityCheck.END, words -> {});
        double failed = repeated + count(access, "dead_letters") + count(access, "store_divergence");
        for (Counter counter :
                metrics.find("sink_writes_total").tag("status", "failure").counters()) {
            failed += counter.count();
        }
        boolean identical = parity.isClean() && legacy.wrong() == 0 && provider.wrong() == 0;
        long all = (long) options.symbols * options.bars;
        boolean good = identical && legacy.rows() == all && provider.rows() == all && failed == 0;
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        figures.put("identical", identical);
        figures.put("rows_sent", all);
        figures.put("rows_legacy", legacy.rows());
        figures.put("rows_provider", provider.rows());
        figures.put("failed_writes", (long) failed);
        synchronized (lock) {
            long[] sorted = Arrays.copyOf(latencies, done);
            Arrays.sort(sorted);
            figures.put("p50_s", quantile(sorted, 50));
            figures.put("p95_s", quantile(sorted, 95));
            figures.put("p99_s", quantile(sorted, 99));
            figures.put("max_s", quantile(sorted, 100));
        }
        figures.put("total_s", rounded(seconds));
        figures.put("rows_per_s", Math.round(all / seconds));
        figures.put("symbols", options.symbols);
        figures.put("bars", options.bars);
        figures.put("batch", options.batch);
        figures.put("workers", options.workers);
        figures.put("warm_up_rounds", options.warmUps);
        figures.put("seed", options.seed);
        Map<String, Object> sinks = new LinkedHashMap<>();
        times(metrics).forEach((sink, after) -> sinks.put(sink, after.since(before.get(sink))));
        figures.put("sinks", sinks);
        figures.put("problem", legacy.first() != null ? legacy.first() : provider.first());
        figures.put("differing_rows", parity.differences());
        return new Result(good, figures);
    }

    /** A sink's batches and the time of their statements so far. */
    private record SinkTimes(long batches, double seconds) {
        Map<String, Object> since(@Nullable SinkTimes before) {
            long more = batches - (before == null ? 0 : before.batches);
            double took = seconds - (before == null ? 0 : before.seconds);
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("batches", more);
            figures.put("mean_s", rounded(more == 0 ? 0 : took / more));
            return figures;
        }
    }

    private static Map<String, SinkTimes> times(SimpleMeterRegistry metrics) {
        Map<String, SinkTimes> times = new TreeMap<>();
        for (Timer timer : metrics.find("sink_write_latency").timers()) {
            times.put(
                    String.valueOf(timer.getId().getTag("sink")),
                    new SinkTimes(timer.count(), timer.totalTime(TimeUnit.SECONDS)));
        }
        return times;
    }

    private static long count(JdbcAccess access, String table) throws SQLException {
        try (Connection connection = access.open(LIMIT);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static double quantile(long[] sorted, int percent) {
        if (sorted.length == 0) {
            return 0;
        }
        int rank = (int) Math.ceil(sorted.length * percent / 100.0);
        return rounded(sorted[Math.max(0, rank - 1)] / 1e9);
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 1e6) / 1e6;
    }
}
