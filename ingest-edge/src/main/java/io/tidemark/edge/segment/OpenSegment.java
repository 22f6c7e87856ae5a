package io.tidemark.edge.segment;

import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.write.EventFileWriter;
import io.tidemark.contracts.files.write.FileSummary;
import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.contracts.proto.Envelope;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One segment being written under a temporary name. */
final class OpenSegment implements AutoCloseable {
    final Partition partition;
    private final Path file;
    private final EventFileWriter writer;
    private final SegmentRows rows;
    private boolean disordered;

    OpenSegment(Path file, Partition partition, boolean ordered, WriteOptions options, SegmentRows.Refused refused)
            throws IOException {
        this.partition = partition;
        this.file = file;
        this.writer = EventFileWriter.open(file, EventSchema.raw(partition.name.channel()), options);
        this.rows = new SegmentRows(writer, ordered, refused);
    }

    Path file() {
        return file;
    }

    /** False when this event and what follows were not taken, because the order could not be kept. */
    boolean isDisordered() {
        return disordered;
    }

    void add(Envelope event) throws IOException {
        try {
            rows.add(event);
        } catch (DisorderException e) {
            giveUp();
        }
    }

    private void giveUp() throws IOException {
        disordered = true;
        writer.close();
    }

    /** Null when it could not be kept in order, or when it has no row. */
    @Nullable
    FileSummary finish() throws IOException {
        if (!disordered) {
            try {
                rows.finish();
            } catch (DisorderException e) {
                giveUp();
            }
        }
        if (disordered || writer.rows() == 0) {
            return null;
        }
        return writer.finish();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
