package io.tidemark.lake.run;

import io.tidemark.lake.events.TimeRange;
import java.util.List;

/**
 * What one export is asked to do.
 *
 * @param edges whose raw files are read
 * @param includeIncomplete also hours whose manifest is not here
 * @param range of event times; files are read again later for what lies outside
 * @param onDamaged what becomes of a damaged raw file
 */
public record ExportRequest(
        List<String> edges, boolean includeIncomplete, TimeRange range, OnDamaged onDamaged, boolean dryRun) {
    /** What becomes of the run when a raw file is damaged. */
    public enum OnDamaged {
        REFUSE,
        SKIP
    }
}
