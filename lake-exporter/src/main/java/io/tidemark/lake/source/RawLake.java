package io.tidemark.lake.source;

import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.contracts.segment.HourManifest;
import io.tidemark.contracts.segment.HourManifest.SegmentFile;
import io.tidemark.contracts.segment.SegmentPath;
import io.tidemark.lake.manifest.DamagedLakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Finds the segments of one edge that may be sealed.
 *
 * <p>A receive hour may be sealed when its manifests are here and so is each file that they name; frames, which
 * stay raw and may be left out of the transfer, do not count. A file that no manifest names belongs to an hour
 * that is not complete.
 */
public final class RawLake {
    private final Path tenantRoot;

    public RawLake(Path tenantRoot) {
        this.tenantRoot = tenantRoot;
    }

    /**
     * What was found.
     *
     * @param files to read, sorted by path
     * @param incomplete files that were left out because their hour is not complete
     * @param notes sentences for the one who asked
     */
    public record Found(List<RawFile> files, int incomplete, List<String> notes) {}

    /** Whether the edge brought anything yet. */
    public boolean knows(String edge) {
        return Files.isDirectory(folder(edge));
    }

    public Path folder(String edge) {
        return tenantRoot.resolve(LakePath.raw(edge));
    }

    /** Looks through an edge's folder; with {@code includeIncomplete} files of every hour are taken. */
    public Found find(String edge, boolean includeIncomplete) throws IOException {
        Path folder = folder(edge);
        List<String> notes = new ArrayList<>();
        Map<String, SegmentPath> present = segments(folder, notes);
        Map<String, String> hashes = new HashMap<>();
        Map<Instant, List<String>> missing = new TreeMap<>();
        for (HourManifest manifest : manifests(folder, edge)) {
            for (SegmentFile file : manifest.files()) {
                boolean needed = !isFrames(SegmentPath.parse(file.path()));
                hashes.put(file.path(), file.sha256());
                if (needed && !present.containsKey(file.path())) {
                    missing.computeIfAbsent(manifest.hour(), hour -> new ArrayList<>())
                            .add(file.path());
                }
            }
        }
        missing.forEach((hour, paths) -> notes.add("hour " + hour + " of edge " + edge + " is not whole: "
                + paths.size() + " of its files are not here yet, such as " + paths.get(0)));
        List<RawFile> files = new ArrayList<>();
        int incomplete = 0;
        for (Map.Entry<String, SegmentPath> entry : present.entrySet()) {
            String path = entry.getKey();
            SegmentPath segment = entry.getValue();
            if (isFrames(segment)) {
                continue;
            }
            if (!includeIncomplete && (!hashes.containsKey(path) || missing.containsKey(segment.hour()))) {
                incomplete++;
                continue;
            }
            Path file = folder.resolve(path);
            Optional<String> expected = Optional.ofNullable(hashes.get(path));
            files.add(new RawFile(
                    edge,
                    path,
                    segment,
                    file,
                    Files.size(file),
                    expected.isPresent() ? expected : Receipts.sha256(folder, path)));
        }
        return new Found(files, incomplete, notes);
    }

    private static boolean isFrames(SegmentPath segment) {
        return Channel.of(segment.channel()) == Channel.FRAMES;
    }

    private static Map<String, SegmentPath> segments(Path folder, List<String> notes) throws IOException {
        Map<String, SegmentPath> segments = new TreeMap<>();
        for (String connector : List.of("load", "rest", "ws")) {
            Path below = folder.resolve(connector);
            if (!Files.isDirectory(below)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(below)) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                    String path = folder.relativize(file).toString().replace('\\', '/');
                    try {
                        segments.put(path, SegmentPath.parse(path));
                    } catch (IllegalArgumentException e) {
                        // A transfer under way has a name of its own; anything else is not ours to judge.
                        if (path.endsWith("." + SegmentPath.PARQUET) || path.endsWith("." + SegmentPath.NDJSON)) {
                            notes.add("left out, not a segment's name: " + file);
                        }
                    }
                }
            }
        }
        return segments;
    }

    private static List<HourManifest> manifests(Path folder, String edge) throws IOException {
        Path below = folder.resolve(SegmentPath.MANIFESTS);
        if (!Files.isDirectory(below)) {
            return List.of();
        }
        List<HourManifest> manifests = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> list = Files.list(below)) {
            files = list.filter(file -> file.getFileName().toString().matches("\\d{8}T\\d{2}_\\d{10,}\\.json"))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
        for (Path file : files) {
            try {
                HourManifest manifest = HourManifest.parse(Files.readAllBytes(file));
                if (!manifest.edge().equals(edge)) {
                    throw new IllegalArgumentException("it is of edge " + manifest.edge());
                }
                if (manifest.complete()) {
                    manifests.add(manifest);
                }
            } catch (IllegalArgumentException e) {
                throw new DamagedLakeException(file + ": " + e.getMessage(), e);
            }
        }
        return manifests;
    }
}
