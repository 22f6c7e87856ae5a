package io.tidemark.edge.forward;

import io.tidemark.contracts.topic.Topics;
import io.tidemark.edge.log.BlockHead;
import io.tidemark.edge.log.DamagedLogException;
import io.tidemark.edge.log.LogBlock;
import io.tidemark.edge.log.LogReader;
import io.tidemark.edge.log.LogStore;
import io.tidemark.edge.log.LogTotals;
import io.tidemark.edge.log.StoredLog;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/** The lanes of one source, and the walk of each through the source's logs. Used by the forwarder's thread. */
final class SourceLanes {
    private static final Logger LOG = Logger.getLogger(SourceLanes.class);

    /** Sends one record; false when it has to wait. */
    interface Sender {
        boolean send(Lane lane, LogBlock block, int at, StoredLog log, Cursor after);
    }

    final String source;
    private final LogStore store;
    private final CursorFile file;
    private final BlockCache cache = new BlockCache();
    private final List<Lane> lanes;

    SourceLanes(LogStore store, String source) {
        this.store = store;
        this.source = source;
        this.file = new CursorFile(store.dataDir(), source);
        Map<Topics, Cursor> loaded = file.load();
        lanes = Topics.market().stream()
                .map(family -> new Lane(family, aligned(loaded.getOrDefault(family, Cursor.START), family)))
                .toList();
    }

    List<Lane> lanes() {
        return lanes;
    }

    /**
     * After a power cut the log may be shorter than the cursor, and a seal stand where it points: then the first block
     * behind it is next.
     */
    private Cursor aligned(Cursor cursor, Topics family) {
        StoredLog log = store.atOrBehind(source, cursor.ordinal());
        if (log == null || log.ordinal() != cursor.ordinal() || cursor.offset() == 0) {
            return cursor;
        }
        try (LogReader reader = new LogReader(log.path())) {
            long limit = log.length();
            BlockHead head = reader.head(reader.firstBlock(), limit);
            while (head != null && head.offset() < cursor.offset()) {
                head = reader.head(head.next(), limit);
            }
            if (head != null && head.offset() == cursor.offset() && cursor.at() <= head.rawLength()) {
                return cursor;
            }
            LOG.warnf("The cursor of %s/%s points behind what is left of %s", source, family.family(), log);
            return new Cursor(cursor.ordinal(), head == null ? limit : head.offset(), 0, cursor.total());
        } catch (IOException e) {
            return cursor;
        }
    }

    /** Walks one lane until {@code budget} records were sent or it has to wait; the number sent. */
    int walk(Lane lane, int budget, Sender sender) throws IOException {
        int sent = 0;
        while (sent < budget) {
            StoredLog log = store.atOrBehind(source, lane.position.ordinal());
            if (log == null) {
                break;
            }
            if (log.ordinal() != lane.position.ordinal() || lane.position.offset() == 0) {
                lane.moveTo(new Cursor(
                        log.ordinal(),
                        cache.reader(log).firstBlock(),
                        0,
                        lane.countIn(log.header().before())));
            }
            // In this order: what was written before the seal is then in the length.
            boolean sealed = log.isSealed();
            long limit = log.length();
            Cursor at = lane.position;
            try {
                BlockHead head = at.offset() >= limit ? null : cache.head(log, at.offset(), limit);
                if (head == null || head.isSeal()) {
                    if (!sealed) {
                        break;
                    }
                    lane.moveTo(new Cursor(log.ordinal() + 1, 0, 0, at.total()));
                } else if ((head.kinds() & lane.kinds) == 0) {
                    lane.moveTo(new Cursor(log.ordinal(), head.next(), 0, at.total()));
                } else {
                    int before = sent;
                    sent += walk(lane, log, cache.block(log, head), budget - sent, sender);
                    if (lane.position.offset() == at.offset() && (sent == before || sent < budget)) {
                        break;
                    }
                }
            } catch (DamagedLogException e) {
                LOG.errorf("%s is passed over for %s: %s", log, lane.family.family(), e.getMessage());
                long next = sealed && at.offset() < limit ? skip(log, at.offset(), limit) : limit;
                lane.moveTo(new Cursor(log.ordinal(), next, 0, at.total()));
            }
        }
        return sent;
    }

    /** Behind a damaged block, when at least its head tells where that is. */
    private long skip(StoredLog log, long offset, long limit) throws IOException {
        try {
            BlockHead head = cache.head(log, offset, limit);
            return head == null ? limit : head.next();
        } catch (DamagedLogException e) {
            return limit;
        }
    }

    private int walk(Lane lane, StoredLog log, LogBlock block, int budget, Sender sender) {
        int sent = 0;
        long total = lane.position.total();
        int at = lane.position.at();
        while (at < block.end()) {
            int next = block.next(at);
            if ((block.kindBit(at) & lane.kinds) != 0) {
                if (sent == budget) {
                    return sent;
                }
                Cursor after = next < block.end()
                        ? new Cursor(log.ordinal(), block.head().offset(), next, total + 1)
                        : new Cursor(log.ordinal(), block.head().next(), 0, total + 1);
                if (!sender.send(lane, block, at, log, after)) {
                    return sent;
                }
                total++;
                sent++;
            }
            at = next;
        }
        if (lane.position.offset() == block.head().offset()) {
            lane.moveTo(new Cursor(log.ordinal(), block.head().next(), 0, total));
        }
        return sent;
    }

    long acknowledged() {
        return lanes.stream().mapToLong(lane -> lane.acknowledged().total()).sum();
    }

    /** Records in the log that Kafka has not acknowledged. */
    long pending() {
        LogTotals totals = store.totals(source);
        return lanes.stream()
                .mapToLong(lane ->
                        Math.max(0, lane.countIn(totals) - lane.acknowledged().total()))
                .sum();
    }

    void rewind() {
        lanes.forEach(Lane::rewind);
    }

    /** Writes cursors that had to be moved; without any it writes none. */
    void align() throws IOException {
        if (file.exists()) {
            Map<Topics, Cursor> cursors = new EnumMap<>(Topics.class);
            lanes.forEach(lane -> cursors.put(lane.family, lane.acknowledged()));
            file.save(cursors);
        }
    }

    /** Writes the cursors and lets the store delete what all of them passed. */
    void save() throws IOException {
        Map<Topics, Cursor> cursors = new EnumMap<>(Topics.class);
        long passed = Long.MAX_VALUE;
        for (Lane lane : lanes) {
            Cursor cursor = lane.acknowledged();
            cursors.put(lane.family, cursor);
            passed = Math.min(passed, cursor.ordinal());
        }
        file.save(cursors);
        store.markPassed(source, passed);
    }

    void close() throws IOException {
        cache.close();
    }
}
