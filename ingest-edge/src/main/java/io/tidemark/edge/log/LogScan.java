package io.tidemark.edge.log;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole log, also what stands behind damage: where a block cannot be read, it searches for the next one that
 * can.
 *
 * <p>For those who look after a folder; {@link LogRecovery} stops at the first damage, since it looks at the end of
 * what a crash left. Changes nothing.
 */
public final class LogScan {
    private static final int WINDOW = 256 << 10;

    /** What is met, in the order of the file. */
    public interface Listener {
        void block(LogBlock block);

        /**
         * Between two offsets nothing can be read.
         *
         * @param firstRecord how many records stand before it
         * @param records in it; -1 where nobody can say how many
         */
        void damage(long from, long to, long firstRecord, long records, String what);

        /** A place that a repair has closed: so many records were lost there. */
        void closed(long from, long records);
    }

    /**
     * What is known at the end.
     *
     * @param header null when it cannot be read
     * @param firstBlock where the first block begins that can be read; the file's length when there is none
     * @param good behind the last block that can be read
     * @param limit up to where the file counts
     * @param totals behind the log: those before it and what was read
     * @param sealTotals what the seal says of them; null without a seal
     */
    public record Result(
            @Nullable LogHeader header,
            long firstBlock,
            long good,
            long limit,
            LogTotals totals,
            @Nullable LogTotals sealTotals) {
        public boolean sealed() {
            return sealTotals != null;
        }
    }

    private final Path path;
    private final Listener listener;
    private final Map<String, Long> counts = new TreeMap<>();
    private long frames;
    private long records;
    private @Nullable LogTotals sealTotals;

    private LogScan(Path path, Listener listener) {
        this.path = path;
        this.listener = listener;
    }

    /** {@code cut}: the length that a later log says this one has; -1 for all of it. */
    public static Result run(Path path, long cut, Listener listener) throws IOException {
        return new LogScan(path, listener).run(cut);
    }

    private Result run(long cut) throws IOException {
        try (LogReader reader = LogReader.lenient(path)) {
            long limit = cut < 0 ? reader.fileLength() : Math.min(cut, reader.fileLength());
            LogHeader header = reader.headerOrNull();
            long first = header == null ? search(reader, 0, limit) : reader.firstBlock();
            if (header == null) {
                listener.damage(0, first, 0, 0, "the header cannot be read");
            }
            long good = blocks(reader, first, limit);
            LogTotals before = header == null ? LogTotals.NONE : header.before();
            return new Result(header, first, good, limit, before.plus(counts, frames), sealTotals);
        }
    }

    private long blocks(LogReader reader, long first, long limit) throws IOException {
        long at = first;
        long good = first;
        while (at < limit && sealTotals == null) {
            BlockHead head = null;
            try {
                head = reader.head(at, limit);
                if (head == null) {
                    break;
                }
                if (head.firstRecord() > records) {
                    listener.damage(
                            at, at, records, head.firstRecord() - records, "blocks are missing before this one");
                    records = head.firstRecord();
                } else if (head.firstRecord() < records) {
                    throw new DamagedLogException(path, at, "a block that stands here twice or out of order");
                }
                read(reader.block(head));
                records += head.records();
                at = head.next();
                good = at;
            } catch (DamagedLogException e) {
                // With its head whole the block's length is known; else what begins next is searched.
                boolean headWhole = head != null && head.firstRecord() == records;
                long next = headWhole && head != null ? head.next() : search(reader, at + 1, limit);
                long lost = -1;
                if (headWhole && head != null) {
                    lost = head.records();
                } else if (next < limit) {
                    BlockHead following = reader.head(next, limit);
                    lost = following == null ? -1 : Math.max(0, following.firstRecord() - records);
                }
                listener.damage(at, next, records, lost, e.what());
                records += Math.max(0, lost);
                at = next;
            }
        }
        if (sealTotals != null && at < limit) {
            listener.damage(at, limit, records, -1, "bytes behind the seal");
        }
        return good;
    }

    private void read(LogBlock block) throws IOException {
        if (block.head().isSeal()) {
            sealTotals = LogFormat.sealTotals(block.bytes(), block.end());
            return;
        }
        if (block.head().isClosedPlace()) {
            listener.closed(block.head().offset(), block.head().records());
            return;
        }
        int found = 0;
        try {
            for (int at = block.first(); at < block.end(); at = block.next(at)) {
                String channel = block.channel(at).isBars()
                        ? block.event(at).getChannel()
                        : block.channel(at).label();
                counts.merge(channel, 1L, Long::sum);
                frames += block.isWebSocketFrame(at) ? 1 : 0;
                found++;
            }
        } catch (RuntimeException e) {
            throw new DamagedLogException(path, block.head().offset(), "record " + found + " of the block: " + e);
        }
        if (found != block.head().records()) {
            throw new DamagedLogException(
                    path,
                    block.head().offset(),
                    "the block has " + found + " records, its head says "
                            + block.head().records());
        }
        listener.block(block);
    }

    /** The offset of the next whole block, or {@code limit}. */
    private long search(LogReader reader, long from, long limit) throws IOException {
        byte[] window = new byte[WINDOW];
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            for (long base = from; base + LogFormat.BLOCK_HEAD <= limit; ) {
                file.seek(base);
                int length = (int) Math.min(WINDOW, limit - base);
                file.readFully(window, 0, length);
                for (int i = 0; i + 4 <= length; i++) {
                    if ((int) LogFormat.INT.get(window, i) == LogFormat.BLOCK_MAGIC
                            && isBlock(reader, base + i, limit)) {
                        return base + i;
                    }
                }
                base += Math.max(1, length - 3);
            }
        }
        return limit;
    }

    private static boolean isBlock(LogReader reader, long at, long limit) throws IOException {
        try {
            return reader.block(at, limit) != null;
        } catch (DamagedLogException e) {
            return false;
        }
    }
}
