package io.tidemark.lake.compact;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a compaction did, or would do.
 *
 * @param generation the last one, new or not
 * @param hours of instruments
 * @param filesBefore small files that were merged
 * @param bytesBefore their length
 * @param filesAfter what they became; 0 in a dry run
 * @param deleted files of earlier compactions whose grace is over
 * @param waiting files that were removed and whose grace is not over
 * @param leftovers of a killed run, removed
 */
public record CompactReport(
        long generation,
        boolean sealed,
        boolean dryRun,
        int hours,
        int filesBefore,
        long bytesBefore,
        long rows,
        int filesAfter,
        long bytesAfter,
        int deleted,
        int waiting,
        int leftovers) {

    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("generation", generation);
        map.put("sealed", sealed);
        map.put("dry_run", dryRun);
        map.put("hours", hours);
        map.put("files_before", filesBefore);
        map.put("bytes_before", bytesBefore);
        map.put("rows", rows);
        map.put("files_after", filesAfter);
        map.put("bytes_after", bytesAfter);
        map.put("deleted", deleted);
        map.put("waiting", waiting);
        map.put("leftovers", leftovers);
        return map;
    }

    /** One sentence. */
    public String sentence() {
        String old = (deleted > 0 ? "; deleted " + deleted + " files that were replaced earlier" : "")
                + (waiting > 0 ? "; " + waiting + " replaced files wait for the end of their grace" : "");
        if (dryRun) {
            return "would merge " + filesBefore + " files with " + rows + " rows of " + hours + " event hours" + old;
        }
        if (!sealed) {
            return "nothing to merge; the lake stays at generation " + generation + old;
        }
        return "sealed generation " + generation + ": " + filesBefore + " files of " + hours + " event hours became "
                + filesAfter + ", " + rows + " rows, " + bytesBefore + " bytes became " + bytesAfter + old;
    }
}
