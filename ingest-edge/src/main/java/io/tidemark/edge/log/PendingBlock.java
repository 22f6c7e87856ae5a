package io.tidemark.edge.log;

import java.util.Arrays;

/**
 * Batches that are not written yet, and what a block's head says of them. Guarded by the log's lock.
 *
 * <p>A batch of more than {@link #LARGE} bytes is not copied: its own array is the block.
 */
final class PendingBlock {
    /** A block is written at this size even when it holds few records. */
    static final int FULL = 128 << 10;

    static final int LARGE = 128 << 10;

    private byte[] own = new byte[16 << 10];
    private byte[] bytes = own;
    private int length;
    private int records;
    private int kinds;
    private int webSocketFrames;
    private long firstReceive;
    private long lastReceive;
    private int[] counts = new int[16];

    boolean isEmpty() {
        return records == 0;
    }

    boolean hasRoomFor(BatchBuffer batch) {
        return records == 0 || length + batch.length() <= FULL + LARGE;
    }

    void take(BatchBuffer batch, long receiveTime, int counters) {
        if (counts.length < counters) {
            counts = Arrays.copyOf(counts, counters * 2);
        }
        if (records == 0 && batch.length() > LARGE) {
            bytes = batch.bytes();
            length = batch.length();
        } else {
            int needed = length + batch.length();
            if (needed > own.length) {
                own = Arrays.copyOf(own, Math.max(needed, own.length * 2));
                bytes = own;
            }
            System.arraycopy(batch.bytes(), 0, own, length, batch.length());
            length = needed;
        }
        firstReceive = records == 0 ? receiveTime : Math.min(firstReceive, receiveTime);
        lastReceive = records == 0 ? receiveTime : Math.max(lastReceive, receiveTime);
        for (int i = 0; i < batch.records(); i++) {
            Journal.Stream stream = batch.stream(i);
            kinds |= 1 << RecordKinds.number(stream.kind);
            counts[stream.counter]++;
            if ((stream.kind & RecordKinds.WEB_SOCKET_FRAME) != 0) {
                webSocketFrames++;
            }
        }
        records += batch.records();
    }

    /** It is the batch's own array, which the source's thread uses again after its commit. */
    boolean isBorrowed() {
        return bytes != own;
    }

    /** Makes a borrowed batch its own: it could not be written. */
    void keep() {
        if (bytes != own) {
            own = Arrays.copyOf(bytes, length);
            bytes = own;
        }
    }

    void clear() {
        if (own.length > 2 * (FULL + LARGE)) {
            own = new byte[16 << 10];
        }
        bytes = own;
        length = 0;
        records = 0;
        kinds = 0;
        webSocketFrames = 0;
        Arrays.fill(counts, 0);
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    int records() {
        return records;
    }

    int kinds() {
        return kinds;
    }

    int webSocketFrames() {
        return webSocketFrames;
    }

    long firstReceive() {
        return firstReceive;
    }

    long lastReceive() {
        return lastReceive;
    }

    int[] counts() {
        return counts;
    }
}
