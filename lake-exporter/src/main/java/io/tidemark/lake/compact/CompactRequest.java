package io.tidemark.lake.compact;

import io.tidemark.lake.manifest.FileQuery;
import java.time.Duration;

/**
 * What one compaction is asked to do.
 *
 * @param which files are considered
 * @param smallBytes a file of fewer bytes is small
 * @param minFiles an hour of an instrument with so many small files is compacted; 2 at least
 * @param grace how long files stay after a generation removed them
 * @param dryRun only says what would be done
 */
public record CompactRequest(FileQuery which, long smallBytes, int minFiles, Duration grace, boolean dryRun) {
    public CompactRequest {
        if (minFiles < 2 || grace.isNegative()) {
            throw new IllegalArgumentException("at least 2 files, and no negative grace");
        }
    }
}
