package io.tidemark.edge.segment;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidemark.contracts.segment.HourManifest.SegmentFile;
import io.tidemark.contracts.segment.SegmentPath;
import io.tidemark.edge.log.LogStore;
import io.tidemark.edge.log.StoredLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Converts sealed logs, oldest hour first, on one thread of low priority.
 *
 * <p>Killed at any point it does the same log again. A log that cannot be converted (a full disk, say) is tried
 * again after a while and holds back nothing but its hour's manifest.
 */
public final class SegmentConverter implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(SegmentConverter.class);
    private static final long IDLE_NANOS = 1_000_000_000L;
    private static final long MANIFEST_NANOS = 5_000_000_000L;
    private static final long RETRY_NANOS = 60_000_000_000L;

    private final LogStore store;
    private final SegmentSettings settings;
    private final InstantSource clock;
    private final ReadyFolder ready;
    private final Path quarantine;
    private final HourManifests manifests;
    private final Map<StoredLog, Long> failedAt = new HashMap<>();
    private final AtomicLong files = new AtomicLong();
    private final Counter rows;
    private final Counter segments;
    private final Counter failures;
    private final Counter refused;
    private final Timer conversions;
    private final Thread thread;
    private long lastManifests;
    private volatile boolean closing;

    public SegmentConverter(LogStore store, SegmentSettings settings, InstantSource clock, MeterRegistry meters) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
        this.ready = new ReadyFolder(store.dataDir().resolve("raw").resolve("ready"));
        this.quarantine = store.dataDir().resolve("quarantine");
        this.manifests = new HourManifests(store, ready);
        rows = meters.counter("edge_segment_rows_total");
        segments = meters.counter("edge_segments_total");
        failures = meters.counter("edge_segment_failures_total");
        refused = meters.counter("edge_segment_refused_events_total");
        conversions = meters.timer("edge_segment_conversion_seconds");
        Gauge.builder(
                        "edge_segments_waiting_logs",
                        this,
                        converter -> converter.waiting().size())
                .register(meters);
        thread = new Thread(this::run, "segment-converter");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
    }

    public void start() throws IOException {
        Files.createDirectories(ready.root());
        files.set(countFiles());
        store.onSeal(log -> LockSupport.unpark(thread));
        lastManifests = System.nanoTime() - MANIFEST_NANOS;
        thread.start();
    }

    private long countFiles() throws IOException {
        try (Stream<Path> all = Files.walk(ready.root())) {
            return all.filter(file -> isSegment(file.getFileName().toString())).count();
        }
    }

    private static boolean isSegment(String name) {
        return name.endsWith("." + SegmentPath.PARQUET) || name.endsWith("." + SegmentPath.NDJSON);
    }

    /** Segments below {@code ready/} at the start and those made since. */
    public long files() {
        return files.get();
    }

    private List<StoredLog> waiting() {
        List<StoredLog> waiting = new ArrayList<>();
        for (String source : store.sources()) {
            for (StoredLog log : store.logs(source)) {
                if (log.isSealed() && !log.isConverted()) {
                    waiting.add(log);
                }
            }
        }
        waiting.sort(Comparator.comparing(StoredLog::hour).thenComparing(StoredLog::ordinal));
        return waiting;
    }

    private void run() {
        while (!closing) {
            for (StoredLog log : waiting()) {
                if (closing) {
                    return;
                }
                convert(log);
            }
            if (System.nanoTime() - lastManifests >= MANIFEST_NANOS) {
                lastManifests = System.nanoTime();
                writeManifests();
            }
            LockSupport.parkNanos(this, IDLE_NANOS);
        }
    }

    /**
     * Converts every sealed log now, whoever else waits; for an orderly stop, when the logs are sealed. Throws when one
     * could not be converted.
     */
    public void convertAll() throws IOException {
        List<StoredLog> waiting = waiting();
        int done = 0;
        for (StoredLog log : waiting) {
            done++;
            LOG.infof("Converting log %d of %d: %s, %d bytes", done, waiting.size(), log, log.length());
            synchronized (this) {
                failedAt.remove(log);
            }
            convert(log);
        }
        writeManifests();
        List<StoredLog> left = waiting();
        if (!left.isEmpty()) {
            throw new IOException("not converted: " + left);
        }
    }

    private synchronized void writeManifests() {
        try {
            manifests.writeDue(clock.instant());
        } catch (IOException | RuntimeException | Error e) {
            failures.increment();
            LOG.errorf(e, "An hour's manifest could not be written, it is tried again");
        }
    }

    private synchronized void convert(StoredLog log) {
        Long failed = failedAt.get(log);
        if (log.isConverted() || (failed != null && System.nanoTime() - failed < RETRY_NANOS)) {
            return;
        }
        long begun = System.nanoTime();
        try {
            LogConversion conversion = new LogConversion(log, ready, quarantine, settings);
            List<SegmentFile> made = conversion.run();
            manifests.note(log, made);
            store.markConverted(log);
            conversion.damage().forEach(gap -> store.tell(log.source(), gap));
            refused.increment(conversion.refused());
            segments.increment(made.size());
            files.addAndGet(made.size());
            rows.increment(made.stream().mapToLong(SegmentFile::rows).sum());
            failedAt.remove(log);
            long took = System.nanoTime() - begun;
            conversions.record(took, TimeUnit.NANOSECONDS);
            LOG.infof("Converted %s: %d segments in %d ms", log, made.size(), took / 1_000_000);
        } catch (IOException | RuntimeException | Error e) {
            // Also for want of memory: the next attempt may have it, and the log is kept until one succeeds.
            failures.increment();
            failedAt.put(log, System.nanoTime());
            LOG.errorf(e, "%s could not be converted, it is tried again", log);
        }
    }

    /** Waits for the log that is being converted. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
