package io.tidemark.lake.events;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.lake.source.RawFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Collects the new events of one source and symbol from raw files: those in the asked range that neither the
 * sealed lake nor an earlier file has. Used by one thread.
 */
public final class InstrumentEvents implements AutoCloseable {
    private static final int STEP = 1_000;

    private final String tenant;
    private final TimeRange range;
    private final SortedEvents sorted;
    private final SeenIdentities seen;
    private long repeats;

    /** @param sealed the files that the lake has of this source and symbol, below {@code tenantRoot} */
    public InstrumentEvents(
            String tenant, TimeRange range, SortedEvents sorted, List<LakeFile> sealed, Path tenantRoot) {
        this.tenant = tenant;
        this.range = range;
        this.sorted = sorted;
        this.seen = new SeenIdentities(sealed, file -> EventFileReader.openIdentities(tenantRoot.resolve(file.path())));
    }

    /**
     * Reads a file to its end, which proves it whole, and returns how many of its events lie outside the range.
     *
     * @param progress is told the rows read since it was told last
     */
    public long read(RawFile input, LongConsumer progress) throws IOException {
        long outside = 0;
        int unreported = 0;
        try (EventFileReader reader = EventFileReader.open(input.file())) {
            for (Envelope event = reader.next(); event != null; event = reader.next()) {
                input.check(event, tenant);
                if (!range.contains(Events.eventTime(event))) {
                    outside++;
                } else if (seen.add(StreamKey.of(event), event.getSequence())) {
                    sorted.add(event);
                } else {
                    repeats++;
                }
                if (++unreported == STEP) {
                    progress.accept(unreported);
                    unreported = 0;
                    if (Thread.currentThread().isInterrupted()) {
                        throw new InterruptedIOException("the export was interrupted while reading " + input.file());
                    }
                }
            }
        }
        progress.accept(unreported);
        return outside;
    }

    /** Events that were left out because they are there already. */
    public long repeats() {
        return repeats;
    }

    public long count() {
        return sorted.count();
    }

    /** Hands out what was collected, sorted; once. */
    public void forEach(SortedEvents.Taker taker) throws IOException {
        sorted.forEach(taker);
    }

    @Override
    public void close() throws IOException {
        sorted.close();
    }
}
