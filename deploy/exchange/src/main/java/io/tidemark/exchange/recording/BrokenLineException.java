package io.tidemark.exchange.recording;

import java.io.IOException;
import java.nio.file.Path;

/** A line of a recording that cannot be used; the message is one sentence naming file and line. */
public final class BrokenLineException extends IOException {
    private static final long serialVersionUID = 1L;

    public BrokenLineException(Path file, long line, String reason) {
        super(file + ":" + line + ": " + reason);
    }
}
