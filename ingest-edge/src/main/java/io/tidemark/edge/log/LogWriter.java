package io.tidemark.edge.log;

import io.tidemark.contracts.segment.SegmentPath;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings committed batches to the disk: packs them into blocks, writes, syncs, rotates.
 *
 * <p>The source's thread gives batches ({@link #take}), the store's flusher writes what waits too long and syncs
 * ({@link #tick}); one lock guards all of it, and is not held while the flusher waits for an fsync. When the disk
 * refuses a write, the block stays in memory and the next batch is not taken unless writing works again by then. A
 * failed fsync is not tried again: the unsynced blocks are written into a new log, which says how much of the old
 * one counts.
 */
final class LogWriter {
    private static final Logger LOG = Logger.getLogger(LogWriter.class);
    private static final long HOUR = 3_600_000_000_000L;
    /** A clock that steps back by less over the hour's end opens no new log. */
    private static final long STEP_BACK = 60_000_000_000L;
    /** How long after an hour's end a quiet source's log is sealed. */
    private static final long HOUR_GRACE = 5_000_000_000L;

    private static final long STUCK_SYNC_SECONDS = 60;

    private final LogFolder folder;
    private final LogStore store;
    private final LogSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition syncDone = lock.newCondition();
    private final PendingBlock pending = new PendingBlock();
    private final UnsyncedBlocks unsynced = new UnsyncedBlocks();
    private final LogCounters counters;
    private final BlockPacker packer;
    private @Nullable OpenLog open;
    /** The log whose fsync failed, until the next one has taken over its unsynced blocks. */
    private @Nullable OpenLog failed;

    private long hourStart;
    private long pendingSince;
    private long unsyncedSince;
    private long refusedSince;
    private boolean syncing;
    private boolean closed;
    private @Nullable IOException refused;

    LogWriter(LogStore store, LogFolder folder, LogSettings settings) {
        this.store = store;
        this.folder = folder;
        this.settings = settings;
        this.counters = new LogCounters(folder.totals());
        this.packer = new BlockPacker(settings.compressionLevel());
    }

    /** The number by which a channel is counted. */
    int counter(String channel) {
        lock.lock();
        try {
            return counters.counter(channel);
        } finally {
            lock.unlock();
        }
    }

    /** Records for which {@code write()} returned. */
    LogTotals written() {
        lock.lock();
        try {
            return counters.totals();
        } finally {
            lock.unlock();
        }
    }

    /** Records that were taken, written or not. */
    LogTotals taken() {
        lock.lock();
        try {
            return counters.totalsWith(pending);
        } finally {
            lock.unlock();
        }
    }

    /** After it the next batch is taken whatever the disk does. Throws when the disk refuses what came before. */
    void ready(long receiveTime) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("it is closed");
            }
            if (refused != null) {
                retry();
            }
            moveToHourOf(receiveTime);
            if (pending.length() >= PendingBlock.FULL) {
                writePending();
            }
        } catch (IOException e) {
            refuse(e);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a batch that was promised by {@link #ready}: what the disk refuses is held in memory, once. */
    void takePromised(BatchBuffer batch) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("it is closed");
            }
            if (refused == null && !pending.hasRoomFor(batch)) {
                writeOrRemember();
            }
            if (pending.isEmpty()) {
                pendingSince = store.nanos();
            }
            pending.take(batch, batch.receiveTime(), counters.size());
            if (refused != null) {
                pending.keep();
            } else if (pending.isBorrowed()
                    || pending.records() >= settings.batchSize()
                    || pending.length() >= PendingBlock.FULL) {
                writeOrRemember();
                pending.keep();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes a batch. Throws when it was not taken, not even in part. */
    void take(BatchBuffer batch) throws IOException {
        long receiveTime = batch.receiveTime();
        lock.lock();
        try {
            if (closed) {
                throw new IOException("it is closed");
            }
            if (refused != null) {
                retry();
            }
            moveToHourOf(receiveTime);
            if (!pending.hasRoomFor(batch)) {
                writePending();
            }
            if (pending.isEmpty()) {
                pendingSince = store.nanos();
            }
            pending.take(batch, receiveTime, counters.size());
            if (pending.isBorrowed()) {
                append();
                settleOrRemember();
            } else if (pending.records() >= settings.batchSize() || pending.length() >= PendingBlock.FULL) {
                writeOrRemember();
            }
        } catch (IOException e) {
            if (pending.isBorrowed()) {
                pending.clear();
            }
            refuse(e);
            throw e;
        } catch (OutOfMemoryError e) {
            // The batch was not taken; its array is the source's again.
            if (pending.isBorrowed()) {
                pending.clear();
            }
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private void refuse(IOException e) {
        if (refused == null) {
            LOG.errorf("The log of %s cannot be written, its source waits: %s", folder.source(), e.getMessage());
            store.meters().writeFailed();
        }
        refused = e;
        refusedSince = store.nanos();
    }

    private void writeOrRemember() {
        try {
            writePending();
        } catch (IOException e) {
            refuse(e);
        } catch (OutOfMemoryError e) {
            refuse(new IOException("the heap is too small to pack a block", e));
        }
    }

    /** The batch is in the file: what fails now is no reason to give its sequences back. */
    private void settleOrRemember() {
        try {
            settle();
        } catch (IOException e) {
            refuse(e);
        }
    }

    private void retry() throws IOException {
        if (open == null && failed != null) {
            begin();
        }
        writePending();
        refused = null;
        LOG.infof("The log of %s is written again", folder.source());
    }

    private void moveToHourOf(long receiveTime) throws IOException {
        if (open != null || !pending.isEmpty()) {
            if (receiveTime < hourStart + HOUR && receiveTime >= hourStart - STEP_BACK) {
                return;
            }
            writePending();
            seal();
        }
        hourStart = Math.floorDiv(receiveTime, HOUR) * HOUR;
    }

    private void writePending() throws IOException {
        if (!pending.isEmpty()) {
            append();
            settle();
        }
    }

    private void append() throws IOException {
        OpenLog log = open == null ? begin() : open;
        packer.pack(pending, log.records);
        try {
            log.out.write(packer.head(), 0, LogFormat.BLOCK_HEAD);
            log.out.write(packer.payload(), 0, packer.payloadLength());
        } catch (IOException e) {
            packer.release();
            cutBack(log, e);
            throw e;
        }
        if (unsynced.count() == 0) {
            unsyncedSince = store.nanos();
        }
        UnsyncedBlocks.Entry entry = packer.entry(pending, counters.size());
        unsynced.add(packer.head(), packer.payload(), 0, packer.payloadLength(), entry);
        packer.release();
        counters.add(entry.counts(), entry.webSocketFrames());
        log.length += entry.length();
        log.records += entry.records();
        pending.clear();
        log.stored.grow(log.length);
        store.written(entry.records(), entry.length());
    }

    /** Holds the writer where the disk lags behind, and rotates at the size limit. */
    private void settle() throws IOException {
        if (unsynced.length() > UnsyncedBlocks.MOST) {
            awaitSync();
            if (unsynced.length() > UnsyncedBlocks.MOST) {
                syncHere();
            }
        } else if (unsynced.length() > UnsyncedBlocks.SOON) {
            store.wakeFlusher();
        }
        if (open != null && open.length >= (long) settings.segmentMaxMb() << 20) {
            seal();
        }
    }

    /** A write was refused half-way: what it left must not stand in front of the next block. */
    private void cutBack(OpenLog log, IOException cause) {
        try {
            log.out.truncate(log.length);
        } catch (IOException e) {
            cause.addSuppressed(e);
            fail(log);
        }
    }

    private OpenLog begin() throws IOException {
        LogTotals before = counters.totalsBefore(unsynced.entries());
        OpenLog former = failed;
        Instant hour = former == null ? SegmentPath.hourOf(hourStart) : former.hour();
        OpenLog log = folder.begin(
                store.incarnation(),
                hour,
                before,
                unsynced,
                former == null ? -1 : former.stored.ordinal(),
                former == null ? -1 : former.synced,
                store.edge(),
                store.tenant());
        unsynced.synced(unsynced.count());
        open = log;
        if (former != null) {
            failed = null;
            folder.cut(former);
            LOG.warnf(
                    "The log %s was given up at byte %d, its rest stands in %s",
                    former.stored, former.synced, log.stored);
            store.sealed(former.stored);
        }
        return log;
    }

    private void fail(OpenLog log) {
        failed = log;
        open = null;
        try {
            log.out.close();
        } catch (IOException e) {
            LOG.debugf(e, "closing %s", log.stored);
        }
    }

    private void seal() throws IOException {
        awaitSync();
        for (int attempt = 0; open != null; attempt++) {
            OpenLog log = open;
            byte[] block = LogFormat.seal(counters.totals(), log.records, pending.lastReceive());
            long begun = System.nanoTime();
            try {
                log.out.write(block, 0, block.length);
                log.out.sync();
            } catch (IOException e) {
                store.meters().syncFailed();
                fail(log);
                if (attempt == 2) {
                    throw e;
                }
                begin();
                continue;
            }
            store.meters().synced(System.nanoTime() - begun);
            unsynced.synced(unsynced.count());
            log.length += block.length;
            log.stored.grow(log.length);
            log.stored.seal();
            open = null;
            try {
                log.out.close();
            } catch (IOException e) {
                LOG.debugf(e, "closing %s", log.stored);
            }
            store.sealed(log.stored);
        }
    }

    private void syncHere() throws IOException {
        OpenLog log = open == null ? begin() : open;
        long begun = System.nanoTime();
        try {
            log.out.sync();
        } catch (IOException e) {
            store.meters().syncFailed();
            fail(log);
            begin();
            return;
        }
        store.meters().synced(System.nanoTime() - begun);
        unsynced.synced(unsynced.count());
        log.synced = log.length;
    }

    private void awaitSync() throws IOException {
        long left = TimeUnit.SECONDS.toNanos(STUCK_SYNC_SECONDS);
        boolean interrupted = false;
        try {
            while (syncing) {
                if (left <= 0) {
                    throw new IOException("the disk has not answered an fsync for " + STUCK_SYNC_SECONDS + " s");
                }
                try {
                    left = syncDone.awaitNanos(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Called by the flusher: writes what waited long enough, seals after the hour, syncs when it is time. */
    void tick() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            long now = store.nanos();
            if (refused != null) {
                if (now - refusedSince < TimeUnit.SECONDS.toNanos(1)) {
                    return;
                }
                retry();
            } else if (!pending.isEmpty()
                    && now - pendingSince >= settings.writeInterval().toNanos()) {
                writePending();
            }
            if (open != null && pending.isEmpty() && store.wallNanos() >= hourStart + HOUR + HOUR_GRACE) {
                seal();
            }
            if (unsynced.count() == 0
                    || (unsynced.length() <= UnsyncedBlocks.SOON
                            && now - unsyncedSince < settings.flushInterval().toNanos())) {
                return;
            }
        } catch (IOException e) {
            refuse(e);
            return;
        } finally {
            lock.unlock();
        }
        sync();
    }

    private void sync() {
        OpenLog log;
        int blocks;
        long length;
        lock.lock();
        try {
            if (syncing || open == null || unsynced.count() == 0) {
                return;
            }
            syncing = true;
            log = open;
            blocks = unsynced.count();
            length = log.length;
        } finally {
            lock.unlock();
        }
        IOException failure = null;
        long begun = System.nanoTime();
        try {
            log.out.sync();
        } catch (IOException e) {
            failure = e;
        }
        long took = System.nanoTime() - begun;
        lock.lock();
        try {
            syncing = false;
            syncDone.signalAll();
            if (open != log) {
                // Given up meanwhile, because a write to it failed and could not be cut back.
                return;
            }
            if (failure == null) {
                store.meters().synced(took);
                unsynced.synced(blocks);
                log.synced = length;
                unsyncedSince = store.nanos();
            } else {
                store.meters().syncFailed();
                LOG.errorf("fsync of %s failed: %s", log.stored, failure.getMessage());
                fail(log);
                begin();
            }
        } catch (IOException e) {
            refuse(e);
        } finally {
            lock.unlock();
        }
    }

    /** Writes and syncs what there is and seals the log; the next commit opens another. */
    void rotate() throws IOException {
        lock.lock();
        try {
            if (refused != null) {
                retry();
            }
            writePending();
            seal();
        } finally {
            lock.unlock();
        }
    }

    void close() throws IOException {
        lock.lock();
        try {
            if (!closed) {
                // First, so that nothing is taken any more while the seal waits for the flusher.
                closed = true;
                rotate();
                packer.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
