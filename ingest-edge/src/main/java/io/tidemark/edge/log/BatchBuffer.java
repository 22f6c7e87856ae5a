package io.tidemark.edge.log;

import java.util.ArrayList;
import java.util.List;

/**
 * The open batch: records one behind the other, and whose they are. Used by the source's thread only.
 *
 * <p>Keeps its array; after a batch of megabytes it lets go of it.
 */
final class BatchBuffer {
    private static final int USUAL = 16 << 10;
    private static final int KEPT = 512 << 10;

    private final List<Journal.Stream> streams = new ArrayList<>();
    private byte[] bytes = new byte[USUAL];
    private int length;
    private int lastRecord;
    private int markedLength;
    private int markedRecords;
    private int markedLast;

    void add(Journal.Stream stream, byte[] event, int eventLength) {
        int needed = Math.addExact(length, LogFormat.RECORD_HEAD + eventLength);
        if (needed > bytes.length) {
            bytes = java.util.Arrays.copyOf(bytes, Math.max(needed, Math.min(bytes.length * 2, bytes.length + KEPT)));
        }
        lastRecord = length;
        LogFormat.INT.set(bytes, length, eventLength);
        bytes[length + 4] = stream.kind;
        LogFormat.SHORT.set(bytes, length + 5, (short) stream.headLength);
        System.arraycopy(event, 0, bytes, length + LogFormat.RECORD_HEAD, eventLength);
        length = needed;
        streams.add(stream);
        stream.advance();
    }

    void mark() {
        markedLength = length;
        markedRecords = streams.size();
        markedLast = lastRecord;
    }

    void rollback() {
        for (int i = streams.size() - 1; i >= markedRecords; i--) {
            Journal.Stream stream = streams.remove(i);
            stream.rewind(stream.sequence() - 1);
        }
        length = markedLength;
        lastRecord = markedLast;
    }

    /** Forgets the whole batch and gives its sequences back. */
    void abandon() {
        markedLength = 0;
        markedRecords = 0;
        markedLast = 0;
        rollback();
        shrink();
    }

    /** Sets the flag of the last record. */
    void end() {
        bytes[lastRecord + 4] |= (byte) RecordKinds.BATCH_END;
    }

    void clear() {
        length = 0;
        lastRecord = 0;
        streams.clear();
        mark();
        shrink();
    }

    private void shrink() {
        if (bytes.length > KEPT) {
            bytes = new byte[USUAL];
        }
    }

    boolean isEmpty() {
        return streams.isEmpty();
    }

    int records() {
        return streams.size();
    }

    Journal.Stream stream(int record) {
        return streams.get(record);
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    long receiveTime() {
        int envelope = LogFormat.RECORD_HEAD;
        return LogBlock.receiveTime(
                bytes, envelope + streams.get(0).headLength, envelope + (int) LogFormat.INT.get(bytes, 0));
    }
}
