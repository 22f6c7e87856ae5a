package io.tidemark.edge.log;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;

/**
 * The blocks that were written but not synced, as they stand in the file.
 *
 * <p>After a failed fsync the kernel may have dropped the pages, so that neither a second fsync nor reading them
 * back proves anything: only a copy in memory can be written again. Guarded by the log's lock; the log keeps it
 * small by syncing earlier.
 */
final class UnsyncedBlocks {
    /** More than this asks for an fsync before its time. */
    static final int SOON = 256 << 10;
    /** More than this holds the writer until the fsync is done. */
    static final int MOST = 1 << 20;

    /** One block in {@link #bytes}, and what it added to the totals. */
    record Entry(int length, int records, int[] counts, int webSocketFrames) {}

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private byte[] bytes = new byte[32 << 10];
    private int length;

    void add(byte[] head, byte[] payload, int offset, int payloadLength, Entry entry) {
        int needed = length + head.length + payloadLength;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, Math.min(bytes.length * 2, bytes.length + SOON)));
        }
        System.arraycopy(head, 0, bytes, length, head.length);
        System.arraycopy(payload, offset, bytes, length + head.length, payloadLength);
        length = needed;
        entries.add(entry);
    }

    /** The first {@code count} blocks are on the disk. */
    void synced(int count) {
        int done = 0;
        for (int i = 0; i < count; i++) {
            done += entries.remove().length();
        }
        length -= done;
        if (length == 0 && bytes.length > SOON) {
            bytes = new byte[32 << 10];
        } else if (length > 0) {
            System.arraycopy(bytes, done, bytes, 0, length);
        }
    }

    Iterator<Entry> entries() {
        return entries.iterator();
    }

    int count() {
        return entries.size();
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }
}
