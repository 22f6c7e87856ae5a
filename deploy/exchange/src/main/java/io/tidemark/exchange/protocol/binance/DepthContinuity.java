package io.tidemark.exchange.protocol.binance;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows one symbol's depth through a recording and keeps the snapshots a replay will need: the first
 * one that fits, and one after each hole in the changes. All others are let go, so that a recording
 * with an answer every second does not fill the memory.
 *
 * <p>A snapshot bridges a hole when its lastUpdateId + 1 is not before the first change after it.
 */
final class DepthContinuity {
    /** More holes than this in one symbol, and later ones go unbridged. */
    static final int MOST_KEPT = 1_000;

    private final List<Snapshot> kept = new ArrayList<>();
    private long lastId = -1;
    private long wantedFrom = -1;
    private @Nullable Snapshot latest;
    private long holes;

    void snapshot(Snapshot snapshot) {
        if (wantedFrom >= 0 && snapshot.lastUpdateId() + 1 >= wantedFrom) {
            keep(snapshot);
        } else if (wantedFrom < 0) {
            // Needed only if the next change does not follow the last one, or is the first.
            latest = snapshot;
        }
    }

    void update(long firstId, long lastUpdateId) {
        boolean first = lastId < 0;
        if (first || firstId > lastId + 1) {
            holes += first ? 0 : 1;
            Snapshot ahead = latest;
            if (ahead != null && ahead.lastUpdateId() + 1 >= firstId) {
                keep(ahead);
            } else {
                wantedFrom = firstId;
            }
        }
        latest = null;
        lastId = Math.max(lastId, lastUpdateId);
    }

    private void keep(Snapshot snapshot) {
        wantedFrom = -1;
        latest = null;
        if (kept.size() < MOST_KEPT) {
            kept.add(snapshot);
        }
    }

    /** The last change's id, or -1 before the first. */
    long lastId() {
        return lastId;
    }

    long holes() {
        return holes;
    }

    List<Snapshot> kept() {
        if (kept.isEmpty() && latest != null) {
            return List.of(latest);
        }
        return List.copyOf(kept);
    }
}
