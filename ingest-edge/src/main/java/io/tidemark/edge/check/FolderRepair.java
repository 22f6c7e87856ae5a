package io.tidemark.edge.check;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.contracts.segment.PathText;
import io.tidemark.edge.forward.Forwarder;
import io.tidemark.edge.log.LogSettings;
import io.tidemark.edge.log.LogStore;
import io.tidemark.edge.segment.SegmentConverter;
import io.tidemark.edge.segment.SegmentSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes a data folder whole again: files to their places, damaged places of logs closed, torn ends cut, what cannot be
 * read into {@code quarantine/repair}, logs converted, manifests written again.
 *
 * <p>Nothing that can be read is given up, and nothing is deleted: what is changed was copied before. What is lost is
 * told here, kept in {@code state/losses.json}, and recorded as a gap when the source starts again. Holds the folder's
 * lock; killed at any point it is simply run again.
 */
public final class FolderRepair {
    /**
     * @param done one sentence for each thing that was done
     * @param lost one sentence for each thing that could not be brought back
     */
    public record Report(List<String> done, List<String> lost) {}

    private final Path dataDir;
    private final InstantSource clock;
    private final Mover mover;
    private final Map<String, List<String>> lost = new TreeMap<>();

    private FolderRepair(Path dataDir, InstantSource clock) {
        this.dataDir = dataDir;
        this.clock = clock;
        this.mover = new Mover(dataDir);
    }

    /** Throws when an edge works in the folder, or the disk refuses. */
    public static Report run(Path dataDir, LogSettings logs, SegmentSettings segments, InstantSource clock)
            throws IOException {
        if (!Files.isDirectory(dataDir.resolve("raw"))) {
            throw new IOException(dataDir + " is no edge's data folder: it has no folder raw");
        }
        return new FolderRepair(dataDir, clock).run(logs, segments);
    }

    private Report run(LogSettings logs, SegmentSettings segments) throws IOException {
        ReadyRepair ready = new ReadyRepair(dataDir, mover);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (LogStore store = LogStore.openForRepair(dataDir, "", "", logs, clock, meters, () -> {
            new LogRepair(dataDir, mover).run();
            smallFiles();
            ready.sort();
            ready.forgetBrokenNotes();
        })) {
            store.findings()
                    .forEach((source, findings) -> findings.forEach(finding -> {
                        tell(source, finding.replace(dataDir + "/", ""));
                        mover.done().add(finding.replace(dataDir + "/", ""));
                    }));
            SegmentConverter converter = new SegmentConverter(store, segments, clock, meters);
            converter.convertAll();
            ready.relist().forEach((source, all) -> all.forEach(one -> tell(source, one)));
            converter.convertAll();
            Forwarder.alignCursors(store);
            holes();
            smallFiles();
            remember();
        }
        List<String> all = new ArrayList<>();
        lost.forEach((source, sentences) -> sentences.forEach(one -> all.add(source + ": " + one)));
        return new Report(List.copyOf(mover.done()), all);
    }

    private void tell(String source, String sentence) {
        lost.computeIfAbsent(source, key -> new ArrayList<>()).add(sentence);
    }

    /** Cursors, status and losses that cannot be read or do not fit the logs any more. */
    private void smallFiles() throws IOException {
        for (Fault fault : FolderCheck.of(dataDir).state().faults) {
            Path file = dataDir.resolve(fault.file());
            boolean small = fault.file().startsWith("state/") || fault.file().equals("status.json");
            if (small && Files.exists(file)) {
                mover.quarantine(
                        file, fault.place().isEmpty() ? fault.problem() : fault.place() + ": " + fault.problem());
            }
        }
    }

    /** Sequences that are nowhere, now that everything is in its place. */
    private void holes() throws IOException {
        FolderCheck check = FolderCheck.of(dataDir);
        Map<StreamName, List<Sequences.Range>> holes = check.holes();
        List<FolderState.Suspicion> breaks = check.breaks();
        if (holes.isEmpty() && breaks.isEmpty()) {
            return;
        }
        KnownLosses losses = check.losses();
        for (FolderState.Suspicion one : breaks) {
            losses.addBreak(one.source(), one.before());
            tell(one.source(), one.fault().toString());
        }
        holes.forEach((stream, ranges) -> ranges.forEach(range -> {
            losses.add(stream, range.first(), range.last());
            tell(stream.source(), stream + ": sequence " + range + " is lost");
        }));
        losses.save();
    }

    /** For the source's next start, which records it as a gap. */
    private void remember() throws IOException {
        for (Map.Entry<String, List<String>> source : lost.entrySet()) {
            Path folder = dataDir.resolve("raw").resolve("active").resolve(PathText.encode(source.getKey()));
            Path note = folder.resolve("repaired.txt");
            StringBuilder text = new StringBuilder();
            if (Files.exists(note)) {
                text.append(Files.readString(note, StandardCharsets.UTF_8)).append("; ");
            }
            text.append(String.join("; ", source.getValue()));
            Files.createDirectories(folder);
            KnownLosses.replace(note, text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
