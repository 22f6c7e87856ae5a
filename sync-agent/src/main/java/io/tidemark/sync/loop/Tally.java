package io.tidemark.sync.loop;

import io.tidemark.sync.verify.Findings;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts one pass while it runs; read by others at any time. */
final class Tally {
    /** Found and selected. */
    final LongAdder files = new LongAdder();

    final LongAdder alreadySynced = new LongAdder();
    final LongAdder transferred = new LongAdder();
    final LongAdder verified = new LongAdder();
    final LongAdder vanished = new LongAdder();
    final LongAdder deleted = new LongAdder();
    /** Not selected by the settings. */
    final LongAdder leftOut = new LongAdder();
    /** Of all that are synced. */
    final LongAdder bytes = new LongAdder();

    final LongAdder transferredBytes = new LongAdder();
    /** Of the files; folders and things that are no files fail too. */
    final LongAdder failedFiles = new LongAdder();

    final Findings failed = new Findings();
    /** Why the pass ended before its work did. */
    private volatile @Nullable String endedEarly;

    synchronized void endEarly(String why) {
        if (endedEarly == null) {
            endedEarly = why;
        }
    }

    @Nullable
    String endedEarly() {
        return endedEarly;
    }

    long synced() {
        return alreadySynced.sum() + transferred.sum() + verified.sum();
    }
}
