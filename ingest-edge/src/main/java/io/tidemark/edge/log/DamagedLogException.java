package io.tidemark.edge.log;

import java.io.IOException;
import java.nio.file.Path;

/** A log's bytes are not what was written; names the file, the offset and what is wrong there. */
public final class DamagedLogException extends IOException {
    private static final long serialVersionUID = 1;

    private final long offset;
    private final String what;

    DamagedLogException(Path file, long offset, String what) {
        super(file + ": at byte " + offset + ": " + what);
        this.offset = offset;
        this.what = what;
    }

    /** What is wrong, without the place. */
    String what() {
        return what;
    }

    /** Up to here the log is whole. */
    public long offset() {
        return offset;
    }
}
