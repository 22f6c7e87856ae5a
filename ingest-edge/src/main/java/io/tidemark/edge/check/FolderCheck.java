package io.tidemark.edge.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.segment.HourManifest.SegmentFile;
import io.tidemark.contracts.segment.PathText;
import io.tidemark.contracts.segment.SegmentPath;
import io.tidemark.edge.log.LogStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Proves that a data folder is whole: each block, page, hash and manifest, and that every sequence of every stream is
 * there once, in a log, in a segment, or at the target by its receipt.
 *
 * <p>Reads only, and may run beside the edge that works in the folder: then what is under way is no fault, and only
 * what two readings find the same counts.
 */
public final class FolderCheck {
    /**
     * What was read, and what was found.
     *
     * @param lost events that an earlier repair has told to be lost
     * @param atTarget segments that are not here any more, and have a receipt
     */
    public record Report(
            List<Fault> faults,
            boolean live,
            long logs,
            long logRecords,
            long segments,
            long segmentRows,
            long atTarget,
            long lost) {}

    private final FolderState state;
    private final Path ready;
    private final Set<String> atTarget = new HashSet<>();
    private KnownLosses losses;

    private FolderCheck(Path dataDir, boolean live) {
        this.state = new FolderState(dataDir, live);
        this.ready = dataDir.resolve("raw").resolve("ready");
        this.losses = KnownLosses.none(dataDir);
    }

    /** Throws when there is no such folder, or it cannot be read at all. */
    public static Report run(Path dataDir) throws IOException {
        if (!Files.isDirectory(dataDir.resolve("raw"))) {
            throw new IOException(dataDir + " is no edge's data folder: it has no folder raw");
        }
        boolean live = LogStore.isUsed(dataDir);
        FolderCheck first = new FolderCheck(dataDir, live);
        first.check();
        if (!live || first.state.faults.isEmpty()) {
            return first.report(first.state.faults);
        }
        FolderCheck second = new FolderCheck(dataDir, LogStore.isUsed(dataDir));
        second.check();
        return second.report(second.state.faults.stream()
                .filter(fault -> first.state.faults.stream()
                        .anyMatch(before -> before.file().equals(fault.file())
                                && before.place().equals(fault.place())))
                .toList());
    }

    /** Everything that was read; for the repair, which holds the folder. */
    static FolderCheck of(Path dataDir) throws IOException {
        FolderCheck check = new FolderCheck(dataDir, false);
        check.check();
        return check;
    }

    FolderState state() {
        return state;
    }

    KnownLosses losses() {
        return losses;
    }

    private Report report(List<Fault> faults) {
        return new Report(
                List.copyOf(faults),
                state.live,
                state.logs,
                state.records,
                state.segments.size(),
                state.rows,
                atTarget.size(),
                losses.count());
    }

    private void check() throws IOException {
        ReadyCheck segments = new ReadyCheck(state);
        new ActiveCheck(state).run();
        segments.segments();
        segments.listings();
        try {
            losses = KnownLosses.load(state.dataDir);
        } catch (IllegalArgumentException e) {
            state.fault(KnownLosses.place(state.dataDir), "", "cannot be read: " + e.getMessage());
        }
        listings();
        breaks().forEach(one -> state.faults.add(one.fault()));
        holes().forEach((stream, ranges) -> ranges.forEach(range -> state.faults.add(
                new Fault("raw", stream.toString(), "sequence " + range + " is in no log and in no segment"))));
        cursors();
        cleanStop();
    }

    private void listings() {
        Set<String> named = new HashSet<>();
        for (FolderState.Listing listing : state.listings) {
            for (SegmentFile file : listing.content().files()) {
                SegmentFile found = state.segments.get(file.path());
                Path place = ready.resolve(file.path());
                if (found == null) {
                    if (!Files.exists(place)) {
                        if (state.receipts.contains(file.path())) {
                            atTarget.add(file.path());
                        } else if (!named.contains(file.path())) {
                            state.fault(place, "", "is not there; " + state.relative(listing.file()) + " names it");
                        }
                    }
                } else if (!found.sha256().equals(file.sha256()) || found.rows() != file.rows()) {
                    state.fault(
                            place,
                            "",
                            "has " + found.rows() + " rows and the hash " + found.sha256() + "; "
                                    + state.relative(listing.file()) + " says " + file.rows() + " and "
                                    + file.sha256());
                }
                named.add(file.path());
            }
        }
        for (String path : state.receipts) {
            if (!path.startsWith(SegmentPath.MANIFESTS + "/") && !Files.exists(ready.resolve(path))) {
                atTarget.add(path);
            }
        }
        for (String path : state.segments.keySet()) {
            SegmentPath segment = SegmentPath.parse(path);
            boolean fromActive =
                    state.activeLogs.contains(new FolderState.LogName(segment.source(), segment.ordinal()));
            if (!named.contains(path) && !fromActive && !state.live) {
                state.fault(ready.resolve(path), "", "no manifest names it");
            }
        }
    }

    /** Logs before which records are missing, and no segment was made of them. */
    List<FolderState.Suspicion> breaks() {
        return state.suspicions.stream()
                .filter(one -> !losses.isBreak(one.source(), one.before()) && !wereConverted(one))
                .toList();
    }

    private boolean wereConverted(FolderState.Suspicion one) {
        return Stream.concat(
                        state.listings.stream()
                                .flatMap(listing -> listing.content().files().stream())
                                .map(SegmentFile::path),
                        Stream.concat(state.segments.keySet().stream(), atTarget.stream()))
                .filter(path -> !path.startsWith(SegmentPath.MANIFESTS))
                .map(SegmentPath::parse)
                .anyMatch(path -> path.source().equals(one.source())
                        && path.ordinal() > one.after()
                        && path.ordinal() < one.before());
    }

    /** What is missing of each stream and explained by nothing. */
    Map<StreamName, List<Sequences.Range>> holes() throws IOException {
        Map<StreamName, Sequences> all = new TreeMap<>();
        state.inLogs.forEach((stream, set) ->
                all.computeIfAbsent(stream, key -> new Sequences()).addAll(set));
        state.inSegments.forEach((stream, set) ->
                all.computeIfAbsent(stream, key -> new Sequences()).addAll(set));
        losses.lost()
                .forEach((stream, set) ->
                        all.computeIfAbsent(stream, key -> new Sequences()).addAll(set));
        refused(all);
        Map<StreamName, List<Sequences.Range>> holes = new TreeMap<>();
        all.forEach((stream, set) -> {
            List<Sequences.Range> missing = set.holes();
            if (!missing.isEmpty() && !mayBeAtTarget(stream)) {
                holes.put(stream, missing);
            }
        });
        return holes;
    }

    private boolean mayBeAtTarget(StreamName stream) {
        return atTarget.stream()
                .map(SegmentPath::parse)
                .anyMatch(path -> path.source().equals(stream.source())
                        && path.channel().equals(stream.channel())
                        && path.symbol().equals(stream.symbol()));
    }

    /** Events that no segment could hold are kept one by one. */
    private void refused(Map<StreamName, Sequences> all) throws IOException {
        Path kept = state.dataDir.resolve("quarantine").resolve("segment");
        if (!Files.isDirectory(kept)) {
            return;
        }
        try (Stream<Path> files = Files.walk(kept)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".envelope")).toList()) {
                Envelope event = Envelope.parseFrom(Files.readAllBytes(file));
                all.computeIfAbsent(StreamName.of(event), key -> new Sequences())
                        .add(event.getSequence());
            }
        }
    }

    private void cursors() throws IOException {
        Path folder = state.dataDir.resolve("state").resolve("cursors");
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(".json")).toList();
        }
        for (Path file : files) {
            String name = Objects.requireNonNull(file.getFileName()).toString();
            String source = PathText.decode(name.substring(0, name.length() - ".json".length()));
            try {
                JsonNode cursors = new ObjectMapper().readTree(Files.readAllBytes(file));
                for (Map.Entry<String, JsonNode> family : cursors.properties()) {
                    cursor(file, source, family.getKey(), family.getValue());
                }
            } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                state.fault(file, "", "no cursors: " + e.getOriginalMessage());
            }
        }
    }

    private void cursor(Path file, String source, String family, JsonNode cursor) throws IOException {
        if (!cursor.path("ordinal").isIntegralNumber() || !cursor.path("offset").isIntegralNumber()) {
            state.fault(file, family, "no cursor");
            return;
        }
        long ordinal = cursor.path("ordinal").asLong();
        long newest = state.newestLog.getOrDefault(source, -1L);
        if (state.live) {
            return;
        }
        if (newest >= 0 && ordinal > newest + 1) {
            state.fault(
                    file, family, "Kafka has acknowledged logs up to " + (ordinal - 1) + ", the newest is " + newest);
        } else if (state.activeLogs.contains(new FolderState.LogName(source, ordinal))) {
            Path log = state.dataDir
                    .resolve("raw/active")
                    .resolve(PathText.encode(source))
                    .resolve(String.format("%010d.log", ordinal));
            long offset = cursor.path("offset").asLong();
            if (offset > Files.size(log)) {
                state.fault(
                        log,
                        "byte " + Files.size(log),
                        "its end is missing: Kafka has acknowledged " + family + " up to byte " + offset);
            }
        }
    }

    /** After an orderly stop the status says how much was logged. */
    private void cleanStop() throws IOException {
        Path file = state.dataDir.resolve("status.json");
        if (state.live || !Files.exists(file)) {
            return;
        }
        JsonNode status;
        try {
            status = new ObjectMapper().readTree(Files.readAllBytes(file));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            state.fault(file, "", "no status: " + e.getOriginalMessage());
            return;
        }
        Map<String, Long> counted = new HashMap<>();
        state.totals
                .values()
                .forEach(totals ->
                        totals.channels().forEach((channel, count) -> counted.merge(channel, count, Long::sum)));
        for (Map.Entry<String, JsonNode> channel : status.path("channels").properties()) {
            long said = channel.getValue().path("logged").asLong();
            long found = counted.getOrDefault(channel.getKey(), 0L);
            if (said != found) {
                state.fault(
                        file, channel.getKey(), said + " were logged at the last stop, the logs vouch for " + found);
            }
        }
    }
}
