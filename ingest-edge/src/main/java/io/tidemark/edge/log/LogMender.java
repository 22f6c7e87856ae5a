package io.tidemark.edge.log;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.segment.SegmentPath;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes readable again what stands behind a damaged place of a log, for a repair: nobody else may have the log open,
 * and its bytes were kept elsewhere before.
 *
 * <p>A damaged place gets the head of a block without records over its first bytes, so everything else stays where
 * cursors expect it. A damaged header is written again from what the blocks and the log before say. The end of a log
 * is left to {@link LogRecovery}.
 */
public final class LogMender {
    private static final int MOST = 64 << 20;

    private record Place(long from, long to, long firstRecord, long records) {}

    private final Path file;
    private final List<Place> places = new ArrayList<>();
    private @Nullable LogBlock firstBlock;

    private LogMender(Path file) {
        this.file = file;
    }

    /**
     * Returns one sentence per place. {@code before} is what stands before this log, for a header that is lost; null
     * when nobody knows.
     */
    public static List<String> mend(Path file, String source, long ordinal, @Nullable LogTotals before)
            throws IOException {
        return new LogMender(file).run(source, ordinal, before);
    }

    private List<String> run(String source, long ordinal, @Nullable LogTotals before) throws IOException {
        List<String> done = new ArrayList<>();
        LogScan.Result result = LogScan.run(file, -1, new LogScan.Listener() {
            @Override
            public void block(LogBlock block) {
                if (firstBlock == null) {
                    firstBlock = block;
                }
            }

            @Override
            public void damage(long from, long to, long firstRecord, long records, String what) {
                places.add(new Place(from, to, firstRecord, records));
            }

            @Override
            public void closed(long from, long records) {}
        });
        // From the end, since a place that is opened moves what stands behind it.
        Collections.reverse(places);
        for (Place place : places) {
            if (result.header() == null && place.from() == 0) {
                if (header(source, ordinal, before, result)) {
                    done.add("the header was written again");
                }
            } else if (place.to() < result.limit() && place.to() - place.from() >= LogFormat.BLOCK_HEAD) {
                close(place);
                done.add("the place from byte " + place.from() + " to " + place.to() + " was closed, " + place.records()
                        + " records are lost");
            } else if (place.to() == place.from()) {
                open(place);
                done.add("at byte " + place.from() + " blocks are missing, " + place.records() + " records are lost");
            }
        }
        return done;
    }

    private boolean header(String source, long ordinal, @Nullable LogTotals before, LogScan.Result result)
            throws IOException {
        LogBlock block = firstBlock;
        if (block == null) {
            return false;
        }
        Envelope event = block.event(block.first());
        LogTotals totals = before == null ? LogTotals.NONE : before;
        LogHeader header = new LogHeader(
                UUID.randomUUID(),
                event.getEdge(),
                event.getTenant(),
                source,
                event.getIncarnation(),
                ordinal,
                SegmentPath.hourOf(block.head().firstReceive()),
                totals,
                -1,
                -1);
        byte[] whole = LogFormat.paddedHeader(header, result.firstBlock());
        if (whole.length == 0) {
            return false;
        }
        write(0, whole);
        return true;
    }

    private void close(Place place) throws IOException {
        long records = place.records();
        for (long at = place.from(); at < place.to(); ) {
            long length = place.to() - at;
            if (length > MOST) {
                // Room for another head must be left.
                length = Math.min(MOST, length - LogFormat.BLOCK_HEAD);
            }
            byte[] payload = new byte[(int) length - LogFormat.BLOCK_HEAD];
            try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
                in.seek(at + LogFormat.BLOCK_HEAD);
                in.readFully(payload);
            }
            write(at, head(payload, place.firstRecord() + place.records() - records, records));
            records = 0;
            at += length;
        }
    }

    private static byte[] head(byte[] payload, long firstRecord, long records) {
        byte[] head = new byte[LogFormat.BLOCK_HEAD];
        LogFormat.blockHead(
                head,
                LogFormat.RECORDS,
                LogFormat.STORED,
                payload.length,
                0,
                (int) Math.max(0, records),
                0,
                firstRecord,
                0,
                0,
                LogFormat.crc(payload, 0, payload.length));
        return head;
    }

    /** Nothing stands there to be written over: what follows moves by one head. */
    private void open(Place place) throws IOException {
        byte[] head = head(new byte[0], place.firstRecord(), place.records());
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] buffer = new byte[1 << 20];
            for (long end = log.length(); end > place.from(); ) {
                int length = (int) Math.min(buffer.length, end - place.from());
                log.seek(end - length);
                log.readFully(buffer, 0, length);
                log.seek(end - length + head.length);
                log.write(buffer, 0, length);
                end -= length;
            }
            log.seek(place.from());
            log.write(head);
            log.getFD().sync();
        }
    }

    private void write(long at, byte[] bytes) throws IOException {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "rw")) {
            log.seek(at);
            log.write(bytes);
            log.getFD().sync();
        }
    }
}
