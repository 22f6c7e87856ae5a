package io.tidemark.edge.forward;

import io.tidemark.edge.log.BlockHead;
import io.tidemark.edge.log.DamagedLogException;
import io.tidemark.edge.log.LogBlock;
import io.tidemark.edge.log.LogReader;
import io.tidemark.edge.log.StoredLog;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The last blocks of one source's logs: families that keep pace with each other unpack each block once.
 *
 * <p>Used by the forwarder's thread. Holds a few blocks, a megabyte at most (or one block that is larger), and two
 * open files.
 */
final class BlockCache implements AutoCloseable {
    private static final int MOST_BLOCKS = 16;
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_FILES = 2;

    private record Place(long ordinal, long offset) {}

    private static final class Entry {
        final BlockHead head;

        @Nullable
        LogBlock block;

        Entry(BlockHead head) {
            this.head = head;
        }
    }

    private final LinkedHashMap<Place, Entry> blocks = new LinkedHashMap<>(16, 0.75f, true);
    private final LinkedHashMap<Long, LogReader> readers = new LinkedHashMap<>(4, 0.75f, true);
    private long bytes;

    LogReader reader(StoredLog log) throws IOException {
        LogReader reader = readers.get(log.ordinal());
        if (reader == null) {
            reader = new LogReader(log.path());
            readers.put(log.ordinal(), reader);
            if (readers.size() > MOST_FILES) {
                Iterator<LogReader> oldest = readers.values().iterator();
                oldest.next().close();
                oldest.remove();
            }
        }
        return reader;
    }

    /** Null where nothing stands yet. */
    @Nullable
    BlockHead head(StoredLog log, long offset, long limit) throws IOException {
        Place place = new Place(log.ordinal(), offset);
        Entry entry = blocks.get(place);
        if (entry == null) {
            BlockHead head = reader(log).head(offset, limit);
            if (head == null) {
                return null;
            }
            entry = new Entry(head);
            blocks.put(place, entry);
            trim();
        }
        return entry.head;
    }

    /** Throws {@link DamagedLogException} when its checksum does not hold. */
    LogBlock block(StoredLog log, BlockHead head) throws IOException {
        Place place = new Place(log.ordinal(), head.offset());
        Entry entry = blocks.computeIfAbsent(place, missing -> new Entry(head));
        LogBlock block = entry.block;
        if (block == null) {
            block = reader(log).block(head);
            entry.block = block;
            bytes += head.rawLength();
            trim();
        }
        return block;
    }

    private void trim() {
        Iterator<Entry> oldest = blocks.values().iterator();
        while (blocks.size() > 1 && (blocks.size() > MOST_BLOCKS || bytes > MOST_BYTES)) {
            Entry entry = oldest.next();
            bytes -= entry.block == null ? 0 : entry.head.rawLength();
            oldest.remove();
        }
    }

    @Override
    public void close() throws IOException {
        for (LogReader reader : readers.values()) {
            reader.close();
        }
        readers.clear();
        blocks.clear();
        bytes = 0;
    }
}
