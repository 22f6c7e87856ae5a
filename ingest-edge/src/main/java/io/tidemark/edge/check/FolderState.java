package io.tidemark.edge.check;

import io.tidemark.contracts.segment.HourManifest;
import io.tidemark.edge.log.LogTotals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the checks found, good and bad. Filled by one thread. */
final class FolderState {
    /** A log by its place, whether it is still there or only its segments are. */
    record LogName(String source, long ordinal) {}

    /**
     * A manifest of an hour, or the note of one log.
     *
     * @param source whose log it is, for a note; empty for a manifest
     */
    record Listing(Path file, String source, HourManifest content) {
        boolean isNote() {
            return !source.isEmpty();
        }
    }

    /** A fault, unless the logs between the two have become segments. */
    record Suspicion(String source, long after, long before, Fault fault) {}

    final List<Suspicion> suspicions = new ArrayList<>();
    final Path dataDir;
    /** An edge works in the folder: what is under way is no fault. */
    final boolean live;

    final List<Fault> faults = new ArrayList<>();
    final List<Listing> listings = new ArrayList<>();
    final Map<StreamName, Sequences> inLogs = new TreeMap<>();
    final Map<StreamName, Sequences> inSegments = new TreeMap<>();
    /** Behind the newest log of each source. */
    final Map<String, LogTotals> totals = new TreeMap<>();

    final Map<String, Long> newestLog = new TreeMap<>();
    final Set<LogName> activeLogs = new HashSet<>();
    /** Segments that were read to their end, by path below ready/. */
    final Map<String, HourManifest.SegmentFile> segments = new LinkedHashMap<>();
    /** Paths that a valid receipt names. */
    final Set<String> receipts = new HashSet<>();

    long logs;
    long records;
    long rows;
    long closedRecords;

    FolderState(Path dataDir, boolean live) {
        this.dataDir = dataDir;
        this.live = live;
    }

    void fault(Path file, String place, String problem) {
        faults.add(new Fault(relative(file), place, problem));
    }

    String relative(Path file) {
        return dataDir.relativize(file).toString().replace('\\', '/');
    }
}
