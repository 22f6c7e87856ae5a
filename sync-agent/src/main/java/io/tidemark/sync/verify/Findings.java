package io.tidemark.sync.verify;

import io.tidemark.sync.target.SyncFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What went wrong: all counted, the first hundred kept. Safe for several threads. */
public final class Findings {
    private static final int KEPT = 100;

    private final List<Finding> first = new ArrayList<>();
    private long count;

    /**
     * One file that is not right.
     *
     * @param path relative to the edge's folder
     * @param kind a failure kind's tag
     */
    public record Finding(String path, String kind, String message) {
        public Map<String, Object> toMap() {
            return Map.of("path", path, "kind", kind, "message", message);
        }
    }

    public Finding add(String path, SyncFailure failure) {
        Finding finding = new Finding(path, failure.kind().tag(), failure.getMessage());
        synchronized (this) {
            count++;
            if (first.size() < KEPT) {
                first.add(finding);
            }
        }
        return finding;
    }

    public synchronized long count() {
        return count;
    }

    public synchronized List<Finding> first() {
        return List.copyOf(first);
    }
}
