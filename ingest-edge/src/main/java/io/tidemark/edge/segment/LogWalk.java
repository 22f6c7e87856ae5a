package io.tidemark.edge.segment;

import io.tidemark.contracts.proto.Gap;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.edge.log.BlockHead;
import io.tidemark.edge.log.DamagedLogException;
import io.tidemark.edge.log.LogBlock;
import io.tidemark.edge.log.LogReader;
import io.tidemark.edge.log.StoredLog;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One pass over a sealed log's records. A damaged block is passed over and remembered, once.
 *
 * <p>A log can be damaged after it was sealed only by the medium; the rest of it is still worth having.
 */
final class LogWalk {
    interface Visitor {
        void record(LogBlock block, int at) throws IOException;
    }

    private final StoredLog log;
    private final Map<Long, Gap> damage = new LinkedHashMap<>();

    LogWalk(StoredLog log) {
        this.log = log;
    }

    void run(Visitor visitor) throws IOException {
        try (LogReader reader = new LogReader(log.path())) {
            long limit = log.length();
            long offset = reader.firstBlock();
            while (offset < limit) {
                BlockHead head;
                try {
                    head = reader.head(offset, limit);
                } catch (DamagedLogException e) {
                    remember(offset, null, e);
                    return;
                }
                if (head == null || head.isSeal()) {
                    return;
                }
                LogBlock block = null;
                try {
                    block = reader.block(head);
                } catch (DamagedLogException e) {
                    remember(offset, head, e);
                }
                if (block != null) {
                    for (int at = block.first(); at < block.end(); at = block.next(at)) {
                        visitor.record(block, at);
                    }
                }
                offset = head.next();
            }
        }
    }

    private void remember(long offset, @org.jspecify.annotations.Nullable BlockHead head, DamagedLogException reason) {
        Gap.Builder gap = Gap.newBuilder()
                .setReason(GapReason.GAP_REASON_TORN_LOG)
                .setDetail("damaged after it was sealed: " + log + " at byte " + offset
                        + (head == null ? ", the rest of the log" : ", " + head.records() + " records"));
        if (head != null) {
            gap.setFromTime(head.firstReceive()).setToTime(head.lastReceive());
        }
        damage.put(offset, gap.build());
    }

    /** What could not be read, of all passes. */
    Map<Long, Gap> damage() {
        return damage;
    }
}
