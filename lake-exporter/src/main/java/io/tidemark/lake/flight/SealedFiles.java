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

    /** Writes a Parquet file with the columns of an event file and no rows: the types of an empty lake. */
    void writeEmptyFile(Path file) throws IOException;

    /** A generation and the absolute paths of exactly its event files. */
    record State(long generation, List<Path> files) {
        public State {
            files = List.copyOf(files);
        }
    }
}
