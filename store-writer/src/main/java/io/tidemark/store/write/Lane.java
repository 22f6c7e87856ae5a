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
    private int records;
    private long bytes;
    boolean busy;
    volatile boolean open = true;

    Lane(Partition partition, long epoch) {
        this.partition = partition;
        this.epoch = epoch;
    }

    void add(Batch batch, long nowNanos) {
        Waiting waiting = new Waiting(batch, batch.bytes(), nowNanos);
        queue.add(waiting);
        records += batch.records().size();
        bytes += waiting.bytes;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    int depth() {
        return queue.size();
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
        records -= waiting.batch.records().size();
        bytes -= waiting.bytes;
    }

    void clear() {
        queue.clear();
        records = 0;
        bytes = 0;
    }
}
