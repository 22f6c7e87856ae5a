package io.tidemark.edge.forward;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.contracts.topic.Headers;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.edge.log.HeadTable;
import io.tidemark.edge.log.LogBlock;
import io.tidemark.edge.log.LogStore;
import io.tidemark.edge.log.StoredLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends the logs' events to Kafka, each family of each source by a cursor of its own.
 *
 * <p>One thread of its own reads blocks for which {@code write()} has returned, also the one that was just written.
 * Delivery is at least once: repeats come only after a crash or when the producer had to be made again. A broker
 * that is away costs nothing but disk; what waits, waits in the log. After a stop everything acknowledged is in the
 * synced cursors.
 */
public final class Forwarder implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Forwarder.class);
    private static final int TURN = 256;
    private static final long IDLE_NANOS = 100_000_000L;
    /** After this the producer is made again: whatever keeps it waiting, the log has everything. */
    private static final long GIVEN_UP_NANOS = Duration.ofSeconds(60).toNanos();

    private static final long STALLED_NANOS = 10_000_000_000L;
    private static final long RECOVERY_PAUSE_MILLIS = 500;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final LogStore store;
    private final ForwardSettings settings;
    private final SendRate rate;
    private final KafkaLink link;
    private final HeadTable<StreamNames> names = new HeadTable<>(StreamNames.MOST, StreamNames::of);
    private final List<SourceLanes> sources = new CopyOnWriteArrayList<>();
    private final Map<Topics, Counter> sentRecords = new EnumMap<>(Topics.class);
    private final Counter undeliverable;
    private final AtomicLong flyingBytes = new AtomicLong();
    private final long mostFlyingBytes;
    private final Thread thread;
    private volatile boolean closing;
    private volatile @Nullable Throwable broken;
    private volatile long lastAcknowledged;
    private volatile boolean connected;
    private volatile boolean waiting;
    private boolean complained;
    private byte[] segmentText = new byte[0];
    private @Nullable UUID segment;

    public Forwarder(LogStore store, ForwardSettings settings, SendRate rate, MeterRegistry meters) {
        this.store = store;
        this.settings = settings;
        this.rate = rate;
        this.link = new KafkaLink(settings, store.edge());
        this.mostFlyingBytes = settings.bufferMemory().asLongValue() / 2;
        for (Topics family : Topics.market()) {
            sentRecords.put(family, meters.counter("edge_forward_records_total", "family", family.family()));
        }
        undeliverable = meters.counter("edge_forward_undeliverable_total");
        Gauge.builder("edge_forward_pending", this, Forwarder::pending).register(meters);
        Gauge.builder("edge_forward_connected", this, forwarder -> forwarder.connected ? 1 : 0)
                .register(meters);
        thread = new Thread(this::run, "forwarder");
        thread.setDaemon(true);
    }

    /** Sets cursors that point behind what is left of a log to its end; for a repair, while nothing is forwarded. */
    public static void alignCursors(LogStore store) throws IOException {
        for (String source : store.sources()) {
            SourceLanes lanes = new SourceLanes(store, source);
            try {
                lanes.align();
            } finally {
                lanes.close();
            }
        }
    }

    /** Begins with what stands in the logs; sources that are opened later are found. */
    public void start() {
        findSources();
        store.onWrite(() -> LockSupport.unpark(thread));
        thread.start();
    }

    /** Also while there is no broker: what waits must be counted from the first event. */
    private synchronized void findSources() {
        Set<String> all = store.sources();
        if (all.size() == sources.size()) {
            return;
        }
        for (String source : all) {
            if (sources.stream().noneMatch(known -> known.source.equals(source))) {
                sources.add(new SourceLanes(store, source));
            }
        }
    }

    /** Records in the logs that Kafka has not acknowledged. */
    public long pending() {
        findSources();
        return sources.stream().mapToLong(SourceLanes::pending).sum();
    }

    /** Records that Kafka has acknowledged, of all incarnations, as far as the cursors tell. */
    public long acknowledged() {
        return sources.stream().mapToLong(SourceLanes::acknowledged).sum();
    }

    /** Whether there is a producer; a broker that went away since is not noticed at once. */
    public boolean isConnected() {
        return connected;
    }

    /** Waits until Kafka has acknowledged everything that is written; false when the time is over before. */
    public boolean drain(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (pending() > 0) {
            if (System.nanoTime() - end >= 0 || !thread.isAlive()) {
                return false;
            }
            LockSupport.unpark(thread);
            Thread.sleep(10);
        }
        return true;
    }

    private void run() {
        long pause = 0;
        long savedAt = System.nanoTime();
        while (!closing) {
            try {
                if (link.producer() == null) {
                    pause = connectOrPause(pause);
                } else if (broken != null) {
                    recover();
                } else {
                    int sent = turn();
                    complainWhenStalled();
                    if (sent == 0) {
                        findSources();
                        waiting = true;
                        LockSupport.parkNanos(this, IDLE_NANOS);
                        waiting = false;
                    }
                }
                if (System.nanoTime() - savedAt >= settings.cursorInterval().toNanos()) {
                    savedAt = System.nanoTime();
                    save();
                }
            } catch (InterruptedException | InterruptException e) {
                break;
            } catch (IOException | RuntimeException | Error e) {
                LOG.errorf(e, "The forwarder failed and goes on from its cursors");
                broken = e;
                LockSupport.parkNanos(this, Duration.ofSeconds(1).toNanos());
            }
        }
    }

    private long connectOrPause(long pause) throws InterruptedException {
        try {
            link.connect();
            broken = null;
            connected = true;
            lastAcknowledged = System.nanoTime();
            LOG.infof("Kafka at %s answers; %d records wait for it", settings.bootstrapServers(), pending());
            complained = false;
            return 0;
        } catch (ExecutionException | KafkaException e) {
            if (e instanceof InterruptException interrupted) {
                throw interrupted;
            }
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (!complained) {
                complained = true;
                LOG.warnf(
                        "Kafka at %s does not answer, events wait in the log: %s",
                        settings.bootstrapServers(), cause.getMessage());
            }
            long next = Math.min(LONGEST_PAUSE.toMillis(), Math.max(500, pause * 2));
            long until = System.nanoTime() + ThreadLocalRandom.current().nextLong(next / 2, next + 1) * 1_000_000L;
            // Woken by each write: the pause must be kept all the same.
            while (!closing && System.nanoTime() - until < 0) {
                Thread.sleep(Math.min(100, next));
            }
            return next;
        }
    }

    private void recover() throws InterruptedException {
        Throwable reason = broken;
        connected = false;
        LOG.warnf("The Kafka producer is made again and goes on from the cursors: %s", String.valueOf(reason));
        link.disconnect(Duration.ZERO);
        for (SourceLanes source : sources) {
            source.rewind();
        }
        flyingBytes.set(0);
        broken = null;
        Thread.sleep(RECOVERY_PAUSE_MILLIS);
    }

    private int turn() throws IOException {
        int sent = 0;
        for (SourceLanes source : sources) {
            for (Lane lane : source.lanes()) {
                sent += source.walk(lane, TURN, this::send);
            }
        }
        return sent;
    }

    private boolean send(Lane lane, LogBlock block, int at, StoredLog log, Cursor after) {
        Producer<byte[], byte[]> producer = link.producer();
        int length = block.length(at);
        if (producer == null || broken != null || closing || !lane.hasRoom()) {
            return false;
        }
        if (flyingBytes.get() > 0 && flyingBytes.get() + length > mostFlyingBytes) {
            return false;
        }
        if (!rate.mayTake(lane.family)) {
            return false;
        }
        int from = block.envelope(at);
        byte[] value = Arrays.copyOfRange(block.bytes(), from, from + length);
        StreamNames stream = names.of(block, at);
        List<Header> headers = new ArrayList<>(stream.headers().size() + 2);
        headers.addAll(stream.headers());
        headers.add(new RecordHeader(Headers.SEQUENCE, StreamNames.text(Long.toString(block.sequence(at)))));
        headers.add(new RecordHeader(Headers.SEGMENT, segmentText(log)));
        ProducerRecord<byte[], byte[]> event =
                new ProducerRecord<>(lane.family.topic(), null, null, stream.key(), value, headers);
        if (lane.isIdle() && flyingBytes.get() == 0) {
            lastAcknowledged = System.nanoTime();
        }
        int generation = lane.generation();
        long slot = lane.sending(after);
        flyingBytes.addAndGet(length);
        // The outcome comes to the callback, also that of a send that fails at once.
        var ignored = producer.send(event, (metadata, failure) -> answered(lane, slot, generation, length, failure));
        return true;
    }

    private byte[] segmentText(StoredLog log) {
        UUID wanted = log.header().segment();
        if (!wanted.equals(segment)) {
            segment = wanted;
            segmentText = StreamNames.text(wanted.toString());
        }
        return segmentText;
    }

    /** On the producer's thread, or on the forwarder's when the send failed at once. */
    private void answered(Lane lane, long slot, int generation, int length, @Nullable Exception failure) {
        if (failure != null && !(failure instanceof RecordTooLargeException)) {
            if (generation == lane.generation() && broken == null) {
                broken = failure;
            }
            return;
        }
        if (!lane.acknowledge(slot, generation)) {
            return;
        }
        flyingBytes.addAndGet(-length);
        lastAcknowledged = System.nanoTime();
        if (failure == null) {
            Counter counter = sentRecords.get(lane.family);
            if (counter != null) {
                counter.increment();
            }
        } else {
            undeliverable.increment();
            LOG.errorf(
                    "An event of %d bytes is too large for Kafka and stays in the segments only: family %s, %s",
                    (Object) length, lane.family.family(), failure.getMessage());
        }
        if (waiting) {
            LockSupport.unpark(thread);
        }
    }

    private void complainWhenStalled() {
        long silent = flyingBytes.get() > 0 ? System.nanoTime() - lastAcknowledged : 0;
        if (silent > GIVEN_UP_NANOS) {
            broken = new IOException("the broker has acknowledged nothing for 60 s");
            return;
        }
        boolean stalled = silent > STALLED_NANOS;
        if (stalled && !complained) {
            complained = true;
            LOG.warnf("Kafka has not answered for 10 s, events wait in the log: %d records", pending());
        } else if (!stalled && complained) {
            complained = false;
            LOG.infof("Kafka answers again; %d records wait for it", pending());
        }
    }

    private void save() {
        for (SourceLanes source : sources) {
            try {
                source.save();
            } catch (IOException e) {
                LOG.warnf("The cursors of %s could not be saved, it is tried again: %s", source.source, e.getMessage());
            }
        }
    }

    /** Stops sending, waits a moment for what is on its way, and saves the cursors. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(15_000);
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(2_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        link.disconnect(Duration.ofSeconds(pending() == 0 ? 5 : 2));
        save();
        for (SourceLanes source : sources) {
            try {
                source.close();
            } catch (IOException e) {
                LOG.debugf(e, "closing the reader of %s", source.source);
            }
        }
    }
}
