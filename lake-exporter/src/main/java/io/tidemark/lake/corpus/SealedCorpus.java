package io.tidemark.lake.corpus;

import io.tidemark.contracts.files.schema.Series;
import io.tidemark.contracts.segment.PathText;
import io.tidemark.lake.manifest.DamagedLakeException;
import io.tidemark.lake.parquet.CandlePart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The sealed state of one corpus. Immutable; files that no generation names are invisible to it. */
public final class SealedCorpus {
    /** Folder of all corpora, relative to the tenant's root. */
    public static final String FOLDER = "corpus";

    public static final String MANIFESTS = "_manifest";

    private final Path folder;
    private final String name;
    private final List<CorpusManifest> generations;

    private SealedCorpus(Path folder, String name, List<CorpusManifest> generations) {
        this.folder = folder;
        this.name = name;
        this.generations = List.copyOf(generations);
    }

    public static Path folder(Path tenantRoot, String name) {
        return tenantRoot.resolve(FOLDER).resolve(PathText.encode(name));
    }

    public static String manifestName(long generation) {
        return String.format("%010d.json", generation);
    }

    /** Names of the corpora that have at least one generation. */
    public static List<String> names(Path tenantRoot) throws IOException {
        Path all = tenantRoot.resolve(FOLDER);
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(all)) {
            return folders.filter(
                            folder -> Files.exists(folder.resolve(MANIFESTS).resolve(manifestName(1))))
                    .map(folder -> PathText.decode(folder.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    /** Empty where there is none yet. Throws {@link DamagedLakeException} naming the manifest that is wrong. */
    public static SealedCorpus read(Path tenantRoot, String name) throws IOException {
        Path folder = folder(tenantRoot, name);
        List<CorpusManifest> generations = new ArrayList<>();
        while (true) {
            Path file = folder.resolve(MANIFESTS).resolve(manifestName(generations.size() + 1));
            try {
                CorpusManifest next = CorpusManifest.parse(Files.readAllBytes(file));
                String previous = generations.isEmpty()
                        ? ""
                        : generations.get(generations.size() - 1).hash();
                if (next.generation() != generations.size() + 1
                        || !next.previous().equals(previous)) {
                    throw new IllegalArgumentException("does not follow the generation before it");
                }
                generations.add(next);
            } catch (NoSuchFileException e) {
                break;
            } catch (IllegalArgumentException e) {
                throw new DamagedLakeException(file + ": " + e.getMessage(), e);
            }
        }
        checkForHoles(folder.resolve(MANIFESTS), generations.size());
        return new SealedCorpus(folder, name, generations);
    }

    private static void checkForHoles(Path manifests, int last) throws IOException {
        if (!Files.isDirectory(manifests)) {
            return;
        }
        try (Stream<Path> files = Files.list(manifests)) {
            boolean later = files.map(file -> file.getFileName().toString())
                    .anyMatch(file -> file.matches("\\d{10}\\.json") && file.compareTo(manifestName(last)) > 0);
            // One more may have been committed since we looked; any other leaves a hole.
            if (later && !Files.exists(manifests.resolve(manifestName(last + 1)))) {
                throw new DamagedLakeException(manifests.resolve(manifestName(last + 1)) + " is missing", null);
            }
        }
    }

    public Path folder() {
        return folder;
    }

    public String name() {
        return name;
    }

    public List<CorpusManifest> generations() {
        return generations;
    }

    public boolean isEmpty() {
        return generations.isEmpty();
    }

    public long generation() {
        return generations.size();
    }

    /** Of the last generation; empty for none. */
    public String hash() {
        return isEmpty() ? "" : generations.get(generations.size() - 1).hash();
    }

    public List<CandlePart> parts() {
        return generations.stream()
                .flatMap(generation -> generation.parts().stream())
                .toList();
    }

    /** What each series has over all generations. */
    public SortedMap<Series, CorpusManifest.Reach> series() {
        SortedMap<Series, CorpusManifest.Reach> all = new TreeMap<>();
        for (CorpusManifest generation : generations) {
            for (CorpusManifest.Reach reach : generation.series()) {
                all.merge(
                        reach.series(),
                        reach,
                        (known, more) -> new CorpusManifest.Reach(
                                known.series(),
                                known.rows() + more.rows(),
                                Math.min(known.first(), more.first()),
                                Math.max(known.last(), more.last())));
            }
        }
        return all;
    }

    /** The number that a bucket's next part gets. */
    public Map<String, Integer> partsPerBucket() {
        Map<String, Integer> counts = new TreeMap<>();
        parts().forEach(part -> counts.merge(part.bucket(), 1, Integer::sum));
        return counts;
    }
}
