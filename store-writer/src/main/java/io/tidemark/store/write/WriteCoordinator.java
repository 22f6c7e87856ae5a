package io.tidemark.store.write;

import io.tidemark.contracts.failure.FailureKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue between Kafka and the sinks, with the workers that empty it.
 *
 * <p>{@link #offer} never blocks its caller: its stage completes when the batch has a place, and a consumer
 * that waits for it pauses Kafka. A batch is written, or repeated until it is, or given up when its
 * partition goes to another writer or the process ends. Only a policy other than {@code block} drops records,
 * and what it drops is part of the transaction that moves the offset over it: nothing else does while the
 * partition is ours. Any thread may call any method.
 */
public final class WriteCoordinator {
    private static final Logger LOG = Logger.getLogger(WriteCoordinator.class);
    private static final int BREAKER_THRESHOLD = 5;
    private static final long BASE_MILLIS = 50;
    private static final long CEILING_MILLIS = 5_000;

    private record Waiter(Batch batch, CompletableFuture<@Nullable Void> admitted) {}

    private final WriteSettings settings;
    private final BatchWriter writer;
    private final Consumer<Partition> lost;
    private final Backoff backoff;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Partition, Lane> lanes = new HashMap<>();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private final Breaker breaker = new Breaker(BREAKER_THRESHOLD);
    private final List<Thread> threads = new ArrayList<>();
    private final WriteTimes times = new WriteTimes();
    private long accepted;
    private int depth;
    private boolean draining;
    private volatile boolean stopped;

    /** {@code lost} is told, on a worker's thread, of a partition that another writer owns now. */
    public WriteCoordinator(
            WriteSettings settings, BatchWriter writer, Consumer<Partition> lost, RandomGenerator random) {
        this.settings = settings;
        this.writer = writer;
        this.lost = lost;
        this.backoff = new Backoff(BASE_MILLIS, CEILING_MILLIS, random);
    }

    public void start() {
        for (int i = 1; i <= settings.workers(); i++) {
            Thread thread = new Thread(this::work, "store-worker-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    /** A partition was claimed; what still waited for it under an older claim is forgotten. */
    public void open(Partition partition, long epoch) {
        lock.lock();
        try {
            closeLane(partition);
            lanes.put(partition, new Lane(partition, epoch));
        } finally {
            lock.unlock();
        }
    }

    /** A partition was taken away; a transaction in flight may still end. */
    public void close(Partition partition) {
        lock.lock();
        try {
            // While draining, what is queued is still ours until somebody else claims it.
            if (!draining) {
                closeLane(partition);
            }
        } finally {
            lock.unlock();
        }
    }

    private void closeLane(Partition partition) {
        Lane lane = lanes.remove(partition);
        if (lane != null) {
            lane.open = false;
            depth -= lane.depth();
            lane.clear();
            admitWaiters();
            changed.signalAll();
        }
    }

    /** Completes when the batch is queued, or at once when its claim is no longer held. */
    public CompletionStage<@Nullable Void> offer(Batch batch) {
        lock.lock();
        try {
            CompletableFuture<@Nullable Void> admitted = new CompletableFuture<>();
            waiters.add(new Waiter(batch, admitted));
            admitWaiters();
            return admitted;
        } finally {
            lock.unlock();
        }
    }

    private void admitWaiters() {
        Iterator<Waiter> all = waiters.iterator();
        while (all.hasNext()) {
            Waiter waiter = all.next();
            Lane lane = lanes.get(waiter.batch.partition());
            if (lane != null && lane.epoch == waiter.batch.epoch() && !draining && !admit(lane, waiter.batch)) {
                continue;
            }
            all.remove();
            waiter.admitted.complete(null);
        }
    }

    /** False when the batch has to wait. */
    private boolean admit(Lane lane, Batch batch) {
        Batch queued = batch;
        if (depth >= settings.queueMax()) {
            OverflowPolicy policy =
                    OverflowPolicy.of(settings, batch.partition().topic());
            Lane victim = policy == OverflowPolicy.DROP_OLDEST
                    ? oldestOf(batch.partition().topic())
                    : null;
            if (policy == OverflowPolicy.BLOCK) {
                return false;
            }
            if (victim == null) {
                queued = batch.dropped(policy);
            } else {
                victim.dropOldest(policy);
                depth--;
            }
        }
        lane.add(queued, System.nanoTime());
        depth += queued.records().isEmpty() ? 0 : 1;
        accepted++;
        changed.signal();
        return true;
    }

    /** The lane of the topic with the batch that waits longest; null when none waits. */
    private @Nullable Lane oldestOf(String topic) {
        Lane oldest = null;
        for (Lane lane : lanes.values()) {
            if (lane.partition.topic().equals(topic)
                    && lane.depth() > 0
                    && (oldest == null || lane.oldestNanos() - oldest.oldestNanos() < 0)) {
                oldest = lane;
            }
        }
        return oldest;
    }

    private void work() {
        try {
            while (true) {
                Lane lane = null;
                Batch batch = null;
                lock.lock();
                try {
                    while (!stopped && batch == null) {
                        long wait = Long.MAX_VALUE;
                        long now = System.nanoTime();
                        long longest = draining ? 0 : settings.flushInterval().toNanos();
                        for (Lane candidate : lanes.values()) {
                            long due = candidate.dueIn(now, settings.flushRows(), fullBytes(), longest);
                            if (due < wait) {
                                wait = due;
                                lane = candidate;
                            }
                        }
                        if (lane != null && wait <= 0) {
                            lane.busy = true;
                            int before = lane.depth();
                            batch = lane.take(settings.flushRows(), fullBytes());
                            depth -= before - lane.depth();
                            admitWaiters();
                        } else {
                            lane = null;
                            changed.awaitNanos(Math.min(wait, TimeUnit.SECONDS.toNanos(1)));
                        }
                    }
                } finally {
                    lock.unlock();
                }
                if (lane == null || batch == null) {
                    return;
                }
                boolean stillOurs = write(lane, batch);
                lock.lock();
                try {
                    lane.busy = false;
                    if (!stillOurs && lanes.get(lane.partition) == lane) {
                        closeLane(lane.partition);
                    }
                    changed.signalAll();
                } finally {
                    lock.unlock();
                }
                if (!stillOurs) {
                    lost.accept(lane.partition);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long fullBytes() {
        return settings.flushBytes().asLongValue();
    }

    /** False when the partition belongs to another writer. */
    private boolean write(Lane lane, Batch batch) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            if (!admitted(lane)) {
                return true;
            }
            long began = System.nanoTime();
            try {
                writer.write(batch);
                times.add(System.nanoTime() - began);
                if (locked(breaker::succeeded)) {
                    LOG.info("the database takes writes again");
                }
                return true;
            } catch (PartitionLostException e) {
                locked(breaker::succeeded);
                LOG.warn(e.getMessage());
                return false;
            } catch (WriteException e) {
                note(batch, attempt, e.kind(), e);
            } catch (RuntimeException e) {
                note(batch, attempt, FailureKind.FATAL, e);
            }
            pause(lane, backoff.millis(attempt));
        }
    }

    private void note(Batch batch, int attempt, FailureKind kind, RuntimeException failure) {
        boolean opened = locked(breaker::failed);
        if (kind == FailureKind.FATAL && (attempt == 1 || attempt % 20 == 0)) {
            LOG.errorf(
                    failure,
                    "%s from offset %d cannot be written and is tried again (attempt %d)",
                    batch.partition(),
                    batch.from(),
                    attempt);
        } else if (opened || attempt == 1 || attempt % 20 == 0) {
            LOG.warnf(
                    "%s from offset %d was not written (%s, attempt %d) and is tried again: %s",
                    batch.partition(), batch.from(), kind.tag(), attempt, failure.getMessage());
        }
    }

    /** Waits for the breaker; false when there is no point in writing any more. */
    private boolean admitted(Lane lane) throws InterruptedException {
        lock.lock();
        try {
            while (lane.open && !stopped) {
                if (breaker.admit()) {
                    return true;
                }
                changed.awaitNanos(TimeUnit.SECONDS.toNanos(1));
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void pause(Lane lane, long millis) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lock();
        try {
            long left = until - System.nanoTime();
            while (left > 0 && lane.open && !stopped) {
                changed.awaitNanos(left);
                left = until - System.nanoTime();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean locked(java.util.function.BooleanSupplier action) {
        lock.lock();
        try {
            boolean result = action.getAsBoolean();
            changed.signalAll();
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more, writes what is queued within the time, and ends the workers; true if all was written. */
    public boolean drain(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean empty = false;
        lock.lock();
        try {
            draining = true;
            admitWaiters();
            changed.signalAll();
            while (!isIdle() && deadline - System.nanoTime() > 0) {
                changed.awaitNanos(Math.min(deadline - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(200)));
            }
            empty = isIdle();
            stopped = true;
            changed.signalAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        stopped = true;
        for (Thread thread : threads) {
            thread.interrupt();
        }
        return empty;
    }

    private boolean isIdle() {
        return lanes.values().stream().allMatch(lane -> lane.isEmpty() && !lane.busy);
    }

    /** Whether nothing waits and nothing is being written. */
    public boolean idle() {
        return locked(this::isIdle);
    }

    /** Batches that wait. */
    public int depth() {
        lock.lock();
        try {
            return depth;
        } finally {
            lock.unlock();
        }
    }

    /** Batches ever queued. */
    public long accepted() {
        lock.lock();
        try {
            return accepted;
        } finally {
            lock.unlock();
        }
    }

    /** How full the queue is, 0 to 1. */
    public double fill() {
        return depth() / (double) settings.queueMax();
    }

    public boolean breakerOpen() {
        return locked(breaker::isOpen);
    }

    /** The 95th percentile of the last transactions, in seconds; 0 before the first. */
    public double p95Seconds() {
        return times.p95Seconds();
    }

    /** Whether every worker lives; false is a defect that only a restart mends. */
    public boolean workersAlive() {
        return stopped || threads.stream().allMatch(Thread::isAlive);
    }
}
