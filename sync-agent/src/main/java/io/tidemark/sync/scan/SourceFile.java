package io.tidemark.sync.scan;

import io.tidemark.contracts.segment.SegmentPath;
import java.nio.file.Path;

/**
 * One file below {@code ready/}.
 *
 * @param path relative to {@code ready/}, with forward slashes
 * @param state when it was found
 */
public record SourceFile(String path, Path file, FileState state) {
    /** Whether it is an hour manifest, which goes after the files that it names. */
    public boolean isManifest() {
        return path.startsWith(SegmentPath.MANIFESTS + "/");
    }
}
