package io.tidemark.exchange.emission;

import java.io.IOException;
import java.util.List;

/**
 * What the exchange emits: a sequence of frames that is the same each time it is opened. That is what
 * lets a place be found again after a crash without having stored a single frame.
 */
public interface Tape<R extends Reel> {
    R open() throws IOException;

    /** Names of all streams in it. */
    List<String> streams();

    /** The venue's own spelling of all symbols in it. */
    List<String> symbols();

    /** Equal for tapes with equal frames; ties a state file to what it speaks of. */
    String fingerprint();
}
