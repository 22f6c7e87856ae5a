package io.tidemark.lake.run;

import io.tidemark.contracts.files.schema.CandleColumns;
import io.tidemark.contracts.files.schema.Series;
import io.tidemark.lake.corpus.CorpusManifest.Reach;
import io.tidemark.lake.coverage.AlertCoverage;
import io.tidemark.lake.coverage.SeriesCoverage;
import io.tidemark.lake.parquet.CandleParts;
import io.tidemark.lake.run.BucketResult.Covered;
import io.tidemark.lake.source.CandleSource;
import io.tidemark.lake.source.CandleSource.Wanted;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Writes the candles of many buckets into an export's work folder, a bucket by one thread from its first row to its
 * last; so the number of threads decides nothing but the time. Buckets that are done already are left as they are.
 */
final class CandleExport {
    /**
     * One bucket's share.
     *
     * @param wanted in the natural order of series
     * @param coverage of the same series; empty for a corpus
     */
    record Task(String bucket, List<Wanted> wanted, int firstPart, Map<Series, SeriesCoverage> coverage) {}

    private final CandleSource source;
    private final ExportWork work;
    private final CandleParts.Layout layout;
    private final ExportProgress progress;

    CandleExport(CandleSource source, ExportWork work, CandleParts.Layout layout, ExportProgress progress) {
        this.source = source;
        this.work = work;
        this.layout = layout;
        this.progress = progress;
    }

    /** Results in the order of buckets. */
    List<BucketResult> run(List<Task> tasks, int workers) throws IOException {
        progress.begin(
                "exporting",
                tasks.stream().mapToLong(task -> task.wanted().size()).sum());
        Queue<Task> queue = new ConcurrentLinkedQueue<>(tasks);
        AtomicBoolean stopped = new AtomicBoolean();
        int threads = Math.max(1, Math.min(workers, tasks.size()));
        ExecutorService pool = Executors.newFixedThreadPool(threads, task -> new Thread(task, "candle-export"));
        try {
            List<Future<List<BucketResult>>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(pool.submit(() -> work(queue, stopped)));
            }
            return collect(futures, stopped);
        } finally {
            pool.shutdownNow();
        }
    }

    private List<BucketResult> work(Queue<Task> queue, AtomicBoolean stopped) throws IOException {
        List<BucketResult> results = new ArrayList<>();
        boolean whole = false;
        try (CandleSource.Session session = source.open()) {
            for (Task task = queue.poll(); task != null; task = queue.poll()) {
                if (stopped.get()) {
                    throw new InterruptedIOException("the export was stopped");
                }
                BucketResult known = work.done(task.bucket()).orElse(null);
                results.add(known != null ? known : export(task, session));
                progress.advance(task.wanted().size());
            }
            whole = true;
        } finally {
            if (!whole) {
                stopped.set(true);
            }
        }
        return results;
    }

    private BucketResult export(Task task, CandleSource.Session session) throws IOException {
        try (CandleParts parts = new CandleParts(work.folder(), layout, task.bucket(), task.firstPart())) {
            BucketSink sink = new BucketSink(parts, task.coverage());
            session.read(task.bucket(), task.wanted(), sink);
            sink.endSeries();
            List<Covered> covered = new ArrayList<>();
            for (SeriesCoverage coverage : task.coverage().values()) {
                coverage.end();
                for (AlertCoverage alert : coverage.alerts()) {
                    covered.add(new Covered(alert.alert().line(), alert.found(), List.copyOf(alert.gaps())));
                }
            }
            covered.sort(Comparator.comparingLong(Covered::line));
            BucketResult result = new BucketResult(task.bucket(), parts.finish(), sink.reaches, covered);
            work.markDone(result);
            return result;
        }
    }

    /** Waits for all, so that nobody writes any more when this returns or throws. */
    private static List<BucketResult> collect(List<Future<List<BucketResult>>> futures, AtomicBoolean stopped)
            throws IOException {
        List<BucketResult> results = new ArrayList<>();
        Throwable failure = null;
        for (Future<List<BucketResult>> future : futures) {
            while (true) {
                try {
                    results.addAll(future.get());
                } catch (ExecutionException e) {
                    Throwable cause = e.getCause() == null ? e : e.getCause();
                    boolean first = failure == null || failure instanceof InterruptedIOException;
                    failure = first ? cause : failure;
                } catch (InterruptedException e) {
                    stopped.set(true);
                    failure = e;
                    continue;
                }
                break;
            }
        }
        if (failure instanceof IOException io) {
            throw io;
        }
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("the export was interrupted").initCause(failure);
        }
        if (failure instanceof RuntimeException unexpected) {
            throw unexpected;
        }
        if (failure != null) {
            throw new IOException("the export failed: " + failure, failure);
        }
        results.sort(Comparator.comparing(BucketResult::bucket));
        return results;
    }

    /** Writes what a source hands out, counts it, and holds the source to its order: nothing twice. */
    private static final class BucketSink implements CandleSource.Sink {
        private final CandleParts parts;
        private final Map<Series, SeriesCoverage> coverage;
        private final List<Reach> reaches = new ArrayList<>();
        private @Nullable Series series;
        private @Nullable SeriesCoverage covered;
        private long rows;
        private long first;
        private long last;

        BucketSink(CandleParts parts, Map<Series, SeriesCoverage> coverage) {
            this.parts = parts;
            this.coverage = coverage;
        }

        @Override
        public void take(Series of, CandleColumns candles, int from, int to) throws IOException {
            Series before = series;
            if (!of.equals(before)) {
                if (before != null && before.compareTo(of) > 0) {
                    throw new IOException("the source hands out " + of + " after " + before);
                }
                endSeries();
                series = of;
                covered = coverage.get(of);
                first = candles.time(from);
                last = Long.MIN_VALUE;
            }
            for (int row = from; row < to; row++) {
                long time = candles.time(row);
                if (time <= last) {
                    throw new IOException(of + ": the source hands out " + time + " us after " + last + " us");
                }
                last = time;
                if (covered != null) {
                    covered.candle(time);
                }
            }
            rows += to - from;
            parts.write(of, candles, from, to);
        }

        void endSeries() {
            if (series != null) {
                reaches.add(new Reach(series, rows, first, last));
            }
            series = null;
            rows = 0;
        }
    }
}
