package io.tidemark.lake.flight;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the endpoint needs to know of the sealed lake. Called from many threads. */
public interface SealedFiles {
    /** The number of the last sealed generation, 0 for an empty lake. Asked before every query, so cheap. */
    long generation() throws IOException;

    /** The event files of the last sealed generation, one consistent state of them. */
    State current() throws IOException;

    /** Changes whenever the files of the provisional tail do. Asked before every query. */
    default long liveVersion() {
        return 0;
    }

    /** Writes a Parquet file with the columns of an event file and no rows: the types of an empty lake. */
    void writeEmptyFile(Path file) throws IOException;

    /** What a manifest says of a file: event times, nanoseconds since 1970 UTC, and whose events they are. */
    record Extent(long minEventTime, long maxEventTime, String source, String symbol) {}

    /**
     * One consistent state; no event is both sealed and in the tail.
     *
     * @param files absolute paths of exactly the event files of the generation
     * @param liveVersion of the tail
     * @param live absolute paths of the tail's files
     * @param extents of files; one without is opened by every query
     */
    record State(long generation, List<Path> files, long liveVersion, List<Path> live, Map<Path, Extent> extents) {
        public State {
            files = List.copyOf(files);
            live = List.copyOf(live);
            extents = Map.copyOf(extents);
        }

        /** Without a tail, and nothing known of the files. */
        public State(long generation, List<Path> files) {
            this(generation, files, 0, List.of(), Map.of());
        }
    }
}
