package io.tidemark.lake.flight;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

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

    /**
     * One consistent state; no event is both sealed and in the tail.
     *
     * @param files absolute paths of exactly the event files of the generation
     * @param liveVersion of the tail
     * @param live absolute paths of the tail's files
     */
    record State(long generation, List<Path> files, long liveVersion, List<Path> live) {
        public State {
            files = List.copyOf(files);
            live = List.copyOf(live);
        }

        /** Without a tail. */
        public State(long generation, List<Path> files) {
            this(generation, files, 0, List.of());
        }
    }
}
