package io.tidemark.edge.segment;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.files.write.EventFileWriter;
import io.tidemark.contracts.proto.Envelope;
import java.io.IOException;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Puts nearly sorted events into exact order on their way into a file: event time, then sequence.
 *
 * <p>That is the file order, since edge, incarnation, source, channel and symbol are the same for all records of a
 * log's partition. A window of a few hundred events covers what feeds do; when it does not, {@link #add} says so and
 * the file is made again by {@link ExternalSort}.
 */
final class SegmentRows {
    private static final int WINDOW = 512;
    private static final int WINDOW_BYTES = 256 << 10;

    /** An event that the file's schema cannot hold is given here instead. */
    interface Refused {
        void accept(Envelope event, IllegalArgumentException reason) throws IOException;
    }

    private record Row(long time, Envelope event) {}

    private static final Comparator<Row> ORDER = Comparator.comparingLong(Row::time)
            .thenComparingLong(row -> row.event().getSequence());

    private final EventFileWriter writer;
    private final Refused refused;
    private final boolean ordered;
    private final PriorityQueue<Row> window = new PriorityQueue<>(16, ORDER);
    private long windowBytes;
    private long lastTime = Long.MIN_VALUE;
    private long lastSequence = -1;

    SegmentRows(EventFileWriter writer, boolean ordered, Refused refused) {
        this.writer = writer;
        this.ordered = ordered;
        this.refused = refused;
    }

    void add(Envelope event) throws IOException {
        if (ordered) {
            write(event);
            return;
        }
        window.add(new Row(Events.eventTime(event), event));
        windowBytes += event.getSerializedSize();
        while (window.size() > WINDOW || (windowBytes > WINDOW_BYTES && window.size() > 1)) {
            pop();
        }
    }

    private void pop() throws IOException {
        Row row = window.remove();
        windowBytes -= row.event().getSerializedSize();
        long sequence = row.event().getSequence();
        if (row.time() < lastTime || (row.time() == lastTime && sequence < lastSequence)) {
            throw new DisorderException();
        }
        lastTime = row.time();
        lastSequence = sequence;
        write(row.event());
    }

    private void write(Envelope event) throws IOException {
        try {
            writer.write(event);
        } catch (IllegalArgumentException e) {
            refused.accept(event, e);
        }
    }

    void finish() throws IOException {
        while (!window.isEmpty()) {
            pop();
        }
    }
}
