package io.tidemark.exchange.emission;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a {@link Tape}, with whatever the venue derives from the frames that have gone by.
 *
 * <p>Used by the emission's thread only.
 */
public interface Reel extends Closeable {
    /** The next frame in order, or null at the end. */
    @Nullable
    Frame next() throws IOException;

    /** The frame returned last now lies behind: it was handed out, or nobody wanted it. */
    void passed(Frame frame);

    /** A client begins to listen here; it has none of the frames that lie behind. */
    void joined();

    /**
     * What a client is given that begins here with these streams: the books as they stand, in the
     * venue's own form. Empty where the venue sends none, and before the tape's own have gone by.
     */
    default List<Frame> greeting(Set<String> streams) {
        return List.of();
    }

    @Override
    void close() throws IOException;
}
