package io.tidemark.lake.live;

import com.google.protobuf.InvalidProtocolBufferException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.lake.manifest.LakeLock;
import io.tidemark.lake.manifest.SealedLake;
import io.tidemark.lake.run.LakeSettings;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the tail while the service runs: one thread takes records, writes, and compares with what is sealed.
 *
 * <p>Of several processes on one lake the one that holds the tail's lock keeps it; the others wait for it and take
 * nothing. A failure is logged once, and the tail goes on from its last state as soon as it can. The stop writes
 * what is in memory; a kill leaves it to be read again.
 */
@Singleton
final class LiveService {
    private static final Logger LOG = Logger.getLogger(LiveService.class);
    private static final long TICK_MILLIS = 500;
    private static final long TIDY_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final Duration STOP_WAIT = Duration.ofSeconds(8);

    private final LiveSettings settings;
    private final LakeSettings lakeSettings;
    private final SealedLake sealed;
    private final LiveOffsets offsets;
    private final LiveView view;
    private final LiveTraffic traffic;
    private final MeterRegistry metrics;
    private final ScheduledThreadPoolExecutor thread;
    private final List<CompletableFuture<@Nullable Void>> waiting = new ArrayList<>();
    private Runnable readAgain = () -> {};
    private @Nullable LakeLock lock;
    private @Nullable LiveWriter writer;
    private volatile @Nullable LiveTail tail;
    private volatile String problem = "";
    private volatile boolean stopping;
    private long dirtySince;
    private long tidied;

    LiveService(
            LiveSettings settings,
            LakeSettings lakeSettings,
            SealedLake sealed,
            LiveOffsets offsets,
            LiveView view,
            LiveTraffic traffic,
            MeterRegistry metrics) {
        this.settings = settings;
        this.lakeSettings = lakeSettings;
        this.sealed = sealed;
        this.offsets = offsets;
        this.view = view;
        this.traffic = traffic;
        this.metrics = metrics;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread worker = new Thread(task, "lake-live");
            worker.setDaemon(true);
            return worker;
        });
    }

    void start(@Observes StartupEvent event) {
        if (!settings.enabled()) {
            return;
        }
        metrics.gauge(
                "lake_live_files", this, service -> service.state().files().size());
        metrics.gauge("lake_live_rows", this, service -> service.state().rows());
        metrics.gauge("lake_live_events", this, service -> service.counts().taken());
        metrics.gauge("lake_live_repeats", this, service -> service.counts().repeats());
        metrics.gauge("lake_live_rejected", this, service -> service.counts().rejected());
        var unused = thread.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** How to make Kafka deliver from where {@link LiveOffsets} say. */
    void reader(Runnable seek) {
        readAgain = seek;
    }

    LiveState state() {
        LiveTail now = tail;
        return now == null ? LiveState.EMPTY : now.state();
    }

    LiveTail.Counts counts() {
        LiveTail now = tail;
        return now == null ? new LiveTail.Counts(0, 0, 0) : now.counts();
    }

    /** Why the tail is not kept now; empty where it is. */
    String problem() {
        return problem;
    }

    boolean enabled() {
        return settings.enabled();
    }

    /** Completes the stage when the records are taken, or are to be delivered again. */
    void deliver(ConsumerRecords<byte[], byte[]> records, CompletableFuture<@Nullable Void> taken) {
        try {
            thread.execute(() -> take(records, taken));
        } catch (RejectedExecutionException e) {
            // Stopping; what was not taken is read again by the next process.
            taken.complete(null);
        }
    }

    private void take(ConsumerRecords<byte[], byte[]> records, CompletableFuture<@Nullable Void> taken) {
        LiveTail now = tail;
        if (now == null) {
            // Completed when this process keeps the tail; the records are read again then.
            waiting.add(taken);
            return;
        }
        try {
            boolean again = false;
            for (TopicPartition partition : records.partitions()) {
                again |= take(now, partition, records.records(partition));
            }
            if (again) {
                readAgain.run();
            }
            if (now.isDirty() && dirtySince == 0) {
                dirtySince = System.nanoTime();
            }
            if (now.isFull()) {
                flush(now);
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        } finally {
            taken.complete(null);
        }
    }

    private boolean take(LiveTail now, TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records)
            throws IOException {
        String name = partition.toString();
        boolean again = false;
        List<Envelope> events = new ArrayList<>(records.size());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            switch (offsets.judge(name, record.offset())) {
                case TAKE -> {
                    if (record.value() != null) {
                        try {
                            events.add(Envelope.parseFrom(record.value()));
                        } catch (InvalidProtocolBufferException e) {
                            LOG.debugf("%s offset %d is no event", name, record.offset());
                        }
                    }
                }
                case READ_AGAIN -> again = true;
                case SKIP -> {
                    // Taken before.
                }
            }
        }
        now.take(name, offsets.next(name), events);
        traffic.taken(partition.topic(), events);
        return again;
    }

    private void flush(LiveTail now) throws IOException {
        now.flush();
        dirtySince = 0;
        publish(now);
    }

    private void publish(LiveTail now) {
        LiveWriter open = writer;
        if (open != null) {
            view.publish(new LiveView.Snapshot(now.state(), open::identities));
        }
    }

    private void tick() {
        if (stopping) {
            return;
        }
        try {
            LiveTail now = tail;
            if (now == null) {
                begin();
                return;
            }
            long nanos = System.nanoTime();
            if (now.isDirty() && nanos - dirtySince >= settings.flushInterval().toNanos()) {
                flush(now);
            }
            if (sealed.current().generation() != now.state().generation()) {
                now.reconcile();
                dirtySince = 0;
                publish(now);
            }
            if (nanos - tidied >= TIDY_NANOS) {
                tidied = nanos;
                now.tidy();
                publish(now);
            }
            if (!problem.isEmpty()) {
                LOG.info("the live tail is kept again");
                problem = "";
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private void begin() throws IOException {
        Path root = LakePath.tenantRoot(lakeSettings.root(), lakeSettings.tenant());
        if (lock == null) {
            lock = LakeLock.takeIn(new LiveFolder(root).lockFolder(), Duration.ZERO);
        }
        LiveWriter open = new LiveWriter(
                root,
                lakeSettings.limits().layout(),
                Math.max(1, Math.min(2, lakeSettings.events().workers())));
        try {
            long memory = Math.min(
                    settings.memoryLimit().asLongValue(), Runtime.getRuntime().maxMemory() / 4);
            LiveTail begun = new LiveTail(
                    root,
                    lakeSettings.tenant(),
                    sealed,
                    open,
                    new LiveTail.Limits(settings.keep(), settings.grace(), memory),
                    InstantSource.system());
            writer = open;
            offsets.begin(begun.offsets());
            traffic.epoch(begun.state().epoch());
            tail = begun;
            publish(begun);
            problem = "";
            LOG.infof(
                    "live tail: %d files with %d rows",
                    begun.state().files().size(), begun.state().rows());
        } finally {
            if (writer != open) {
                open.close();
            }
        }
        readAgain.run();
        waiting.forEach(stage -> stage.complete(null));
        waiting.clear();
    }

    private void fail(Exception failure) {
        String reason = String.valueOf(failure.getMessage());
        if (problem.isEmpty()) {
            LOG.warnf("the live tail is not kept, tried again: %s", reason);
        }
        problem = reason;
        LiveTail now = tail;
        if (now == null) {
            return;
        }
        try {
            now.reset();
        } catch (IOException e) {
            LOG.debugf("a sort's files were not removed: %s", e.getMessage());
        }
        dirtySince = 0;
        offsets.begin(now.offsets());
        readAgain.run();
    }

    void stop(@Observes ShutdownEvent event) {
        if (!settings.enabled()) {
            return;
        }
        thread.execute(() -> {
            stopping = true;
            LiveTail now = tail;
            try {
                if (now != null) {
                    now.flush();
                }
            } catch (IOException | RuntimeException e) {
                LOG.warnf("what was in memory was not written and is read again: %s", e.getMessage());
            }
            waiting.forEach(stage -> stage.complete(null));
        });
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the live tail did not stop in time; what was in memory is read again");
                thread.shutdownNow();
            }
            LakeLock held = lock;
            if (held != null) {
                held.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debugf("the lock was not released cleanly: %s", e.getMessage());
        }
    }
}
