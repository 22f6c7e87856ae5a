package io.tidemark.store.write;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What waits for one claimed partition. At most one worker is busy with it, which keeps its order.
 *
 * <p>Guarded by the coordinator's lock, but for {@link #open}, which a busy worker also reads.
 */
final class Lane {
    /** A batch and when it was queued. */
    record Waiting(Batch batch, int bytes, long sinceNanos) {}

    final Partition partition;
    final long epoch;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private int depth;
    private int records;
    private long bytes;
    boolean busy;
    volatile boolean open = true;

    Lane(Partition partition, long epoch) {
        this.partition = partition;
        this.epoch = epoch;
    }

    void add(Batch batch, long nowNanos) {
        put(new Waiting(batch, batch.bytes(), nowNanos));
        if (!batch.records().isEmpty()) {
            depth++;
        }
    }

    private void put(Waiting waiting) {
        Waiting last = queue.peekLast();
        Batch batch = waiting.batch;
        if (last != null && batch.records().isEmpty() && last.batch.records().isEmpty()) {
            // What was dropped waits as one, however long the database is away.
            queue.removeLast();
            queue.add(new Waiting(Batch.joined(List.of(last.batch, batch)), 0, last.sinceNanos));
            return;
        }
        queue.add(waiting);
        records += batch.records().size();
        bytes += waiting.bytes;
    }

    /** Throws away the records of the batch that waits longest, but not the step of the offset over it. */
    void dropOldest(OverflowPolicy policy) {
        List<Waiting> all = new ArrayList<>(queue);
        clear();
        boolean found = false;
        for (Waiting waiting : all) {
            if (!found && !waiting.batch.records().isEmpty()) {
                found = true;
                put(new Waiting(waiting.batch.dropped(policy), 0, waiting.sinceNanos));
            } else {
                put(waiting);
            }
        }
        depth = (int) queue.stream()
                .filter(waiting -> !waiting.batch.records().isEmpty())
                .count();
    }

    /** When the batch that waits longest was queued; {@link Long#MAX_VALUE} when none has records. */
    long oldestNanos() {
        for (Waiting waiting : queue) {
            if (!waiting.batch.records().isEmpty()) {
                return waiting.sinceNanos;
            }
        }
        return Long.MAX_VALUE;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Batches with records that wait. */
    int depth() {
        return depth;
    }

    /** Nanoseconds until a worker should take it: 0 or less is now, {@link Long#MAX_VALUE} is never. */
    long dueIn(long nowNanos, int fullRecords, long fullBytes, long longestWaitNanos) {
        Waiting oldest = queue.peek();
        if (busy || oldest == null) {
            return Long.MAX_VALUE;
        }
        if (records >= fullRecords || bytes >= fullBytes) {
            return 0;
        }
        return longestWaitNanos - (nowNanos - oldest.sinceNanos);
    }

    /** The oldest batch with those after it that fit into one transaction; something has to wait. */
    Batch take(int fullRecords, long fullBytes) {
        Waiting first = queue.remove();
        List<Batch> taken = new ArrayList<>(List.of(first.batch));
        int takenRecords = first.batch.records().size();
        long takenBytes = first.bytes;
        forget(first);
        while (!queue.isEmpty()) {
            Waiting more = queue.element();
            if (takenRecords + more.batch.records().size() > fullRecords || takenBytes + more.bytes > fullBytes) {
                break;
            }
            queue.remove();
            forget(more);
            takenBytes += more.bytes;
            takenRecords += more.batch.records().size();
            taken.add(more.batch);
        }
        return Batch.joined(taken);
    }

    private void forget(Waiting waiting) {
        if (!waiting.batch.records().isEmpty()) {
            depth--;
        }
        records -= waiting.batch.records().size();
        bytes -= waiting.bytes;
    }

    void clear() {
        queue.clear();
        depth = 0;
        records = 0;
        bytes = 0;
    }
}
