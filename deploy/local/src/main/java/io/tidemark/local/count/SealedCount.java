package io.tidemark.local.count;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.contracts.lake.LakePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Counts the sealed event lake with DuckDB, over exactly the files that its manifests name: they are replayed
 * here from their JSON, apart from the code that wrote them.
 */
public final class SealedCount {
    private static final String MANIFEST = "\\d{10}\\.json";

    private final SortedMap<String, Long> rows = new TreeMap<>();
    private final Set<Path> files = new TreeSet<>();
    private long repeated;

    private SealedCount() {}

    public static SealedCount of(Path tenantRoot) {
        SealedCount count = new SealedCount();
        count.replay(tenantRoot);
        if (count.files.isEmpty()) {
            return count;
        }
        try (Duck duck = new Duck()) {
            String table = Duck.files(count.files);
            for (List<String> row : duck.texts("SELECT channel, count(*), count(*) - count(DISTINCT "
                    + SegmentCount.IDENTITY + ") FROM " + table + " GROUP BY channel")) {
                count.rows.put(row.get(0), Long.parseLong(row.get(1)));
                count.repeated += Long.parseLong(row.get(2));
            }
        }
        return count;
    }

    public SortedMap<String, Long> rows() {
        return rows;
    }

    public long total() {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }

    public long repeated() {
        return repeated;
    }

    public long files() {
        return files.size();
    }

    private void replay(Path tenantRoot) {
        Path folder = tenantRoot.resolve(LakePath.EVENT_MANIFESTS);
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> list = Files.list(folder)) {
            List<Path> manifests = list.filter(
                            file -> file.getFileName().toString().matches(MANIFEST))
                    .sorted()
                    .toList();
            for (Path manifest : manifests) {
                JsonNode root = new ObjectMapper().readTree(manifest.toFile());
                for (JsonNode file : root.path("removed")) {
                    files.remove(tenantRoot.resolve(path(file)));
                }
                for (JsonNode file : root.path("added")) {
                    files.add(tenantRoot.resolve(path(file)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the manifests in " + folder, e);
        }
    }

    private static String path(JsonNode file) {
        return file.isTextual() ? file.asText() : file.path("path").asText();
    }
}
