package io.tidemark.exchange.recording;

import org.jspecify.annotations.Nullable;

/** How a recorder laid out its lines. Stateless; one line in, one {@link CapturedLine} out. */
interface Container {
    CapturedLine parse(String line, long number) throws MalformedException;

    /** The container whose first line this can be, or null. */
    static @Nullable Container ofFirstLine(String line) {
        if (line.startsWith("{")) {
            return new JsonLines();
        }
        if (TextLog.canBegin(line)) {
            return new TextLog();
        }
        if (NumberedLines.canBegin(line)) {
            return new NumberedLines();
        }
        return null;
    }
}
