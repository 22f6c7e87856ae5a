package io.tidemark.exchange.recording;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The lines of a recording, from the first to the last. Not thread-safe. */
public interface LineSource extends Closeable {
    /** What a failure names. */
    Path file();

    /** The next line, or null at the end. */
    @Nullable
    CapturedLine next() throws IOException;
}
