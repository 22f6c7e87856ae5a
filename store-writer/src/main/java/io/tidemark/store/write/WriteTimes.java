package io.tidemark.store.write;

import java.util.Arrays;

/** How long the last transactions took. Thread-safe. */
final class WriteTimes {
    private static final int KEPT = 256;

    private final long[] nanos = new long[KEPT];
    private int count;

    synchronized void add(long took) {
        nanos[count++ % KEPT] = took;
        if (count == 2 * KEPT) {
            count = KEPT;
        }
    }

    synchronized double p95Seconds() {
        int size = Math.min(count, KEPT);
        if (size == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        return sorted[Math.min(size - 1, size * 95 / 100)] / 1e9;
    }
}
