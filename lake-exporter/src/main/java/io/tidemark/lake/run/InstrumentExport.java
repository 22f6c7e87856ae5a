package io.tidemark.lake.run;

import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.lake.LakeManifest.RawInput;
import io.tidemark.lake.events.InstrumentEvents;
import io.tidemark.lake.events.SortedEvents;
import io.tidemark.lake.events.TimeRange;
import io.tidemark.lake.manifest.SealedState;
import io.tidemark.lake.parquet.LakeFileWriter;
import io.tidemark.lake.run.Checkpoints.Step;
import io.tidemark.lake.run.InputCheck.Checked;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Brings the raw files of one source and symbol into files of event hours; not yet visible to anybody. */
final class InstrumentExport {
    /** What came of it. */
    record Outcome(List<LakeFile> files, List<RawInput> inputs, long repeats, long outside) {}

    private final Path tenantRoot;
    private final String tenant;
    private final TimeRange range;
    private final SealedState sealed;
    private final LakeFileWriter.Layout layout;
    private final ExportProgress progress;
    private final Checkpoints checkpoints;

    InstrumentExport(
            Path tenantRoot,
            String tenant,
            TimeRange range,
            SealedState sealed,
            LakeFileWriter.Layout layout,
            ExportProgress progress,
            Checkpoints checkpoints) {
        this.tenantRoot = tenantRoot;
        this.tenant = tenant;
        this.range = range;
        this.sealed = sealed;
        this.layout = layout;
        this.progress = progress;
        this.checkpoints = checkpoints;
    }

    /** @param inputs of one source and symbol, sorted by edge and path */
    Outcome export(List<Checked> inputs, SortedEvents sort) throws IOException {
        String source = inputs.get(0).input().segment().source();
        String symbol = inputs.get(0).input().segment().symbol();
        LakeFileWriter writer = new LakeFileWriter(tenantRoot, source, symbol, layout);
        boolean finished = false;
        try (InstrumentEvents events =
                new InstrumentEvents(tenant, range, sort, sealed.files(source, symbol), tenantRoot)) {
            List<RawInput> read = new ArrayList<>();
            long outside = 0;
            for (Checked checked : inputs) {
                long skipped = events.read(checked.input(), progress::advance);
                outside += skipped;
                read.add(new RawInput(
                        checked.input().edge(),
                        checked.input().path(),
                        checked.sha256(),
                        checked.input().bytes(),
                        checked.rows(),
                        skipped == 0));
            }
            checkpoints.reached(Step.INSTRUMENT_READ);
            int[] unreported = {0};
            events.forEach((time, stream, event) -> {
                writer.write(time, stream, event);
                if (++unreported[0] == 1_000) {
                    progress.advance(unreported[0]);
                    unreported[0] = 0;
                    if (Thread.currentThread().isInterrupted()) {
                        throw new java.io.InterruptedIOException("the export was interrupted while writing");
                    }
                }
            });
            progress.advance(unreported[0]);
            List<LakeFile> files = writer.finish();
            checkpoints.reached(Step.INSTRUMENT_WRITTEN);
            finished = true;
            return new Outcome(files, read, events.repeats(), outside);
        } finally {
            if (!finished) {
                writer.abandon();
            }
        }
    }
}
