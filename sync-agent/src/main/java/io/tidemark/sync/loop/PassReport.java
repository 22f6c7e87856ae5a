package io.tidemark.sync.loop;

import io.tidemark.sync.verify.Findings;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one pass found and did.
 *
 * @param files below the source that the settings select
 * @param synced of them: at the target, verified, with a receipt
 * @param transferred of the synced: copied in this pass
 * @param verified of the synced: found at the target without a receipt, and read again
 * @param pending of the files: neither synced nor failed; waiting for others, or the pass ended early
 * @param failedCount files and folders that failed; the first hundred are listed
 * @param leftOut files that the settings leave out
 * @param vanished files that were gone before they could be read
 * @param deleted at the source, by retention
 * @param bytes of all synced files
 * @param endedEarly why, if it did
 */
public record PassReport(
        Instant started,
        Duration took,
        boolean dryRun,
        long files,
        long synced,
        long transferred,
        long verified,
        long pending,
        long failedCount,
        List<Findings.Finding> failed,
        long leftOut,
        long vanished,
        long deleted,
        long bytes,
        long transferredBytes,
        @Nullable String endedEarly) {

    static PassReport of(Tally tally, Instant started, Instant now, boolean dryRun) {
        long synced = tally.synced();
        long failed = tally.failed.count();
        long files = tally.files.sum();
        long open = files - synced - tally.vanished.sum();
        return new PassReport(
                started,
                Duration.between(started, now),
                dryRun,
                files - tally.vanished.sum(),
                synced,
                tally.transferred.sum(),
                tally.verified.sum(),
                Math.max(0, open - tally.failedFiles.sum()),
                failed,
                tally.failed.first(),
                tally.leftOut.sum(),
                tally.vanished.sum(),
                tally.deleted.sum(),
                tally.bytes.sum(),
                tally.transferredBytes.sum(),
                tally.endedEarly());
    }

    /** Everything selected is at the target and verified. */
    public boolean complete() {
        return failedCount == 0 && pending == 0 && endedEarly == null;
    }

    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("started", started.toString());
        map.put("millis", took.toMillis());
        map.put("dry_run", dryRun);
        map.put("files", files);
        map.put("synced", synced);
        map.put("transferred", transferred);
        map.put("verified", verified);
        map.put("pending", pending);
        map.put("failed_count", failedCount);
        map.put("failed", failed.stream().map(Findings.Finding::toMap).toList());
        map.put("left_out", leftOut);
        map.put("vanished", vanished);
        map.put("deleted", deleted);
        map.put("bytes", bytes);
        map.put("transferred_bytes", transferredBytes);
        map.put("ended_early", endedEarly);
        map.put("ok", complete());
        return map;
    }
}
