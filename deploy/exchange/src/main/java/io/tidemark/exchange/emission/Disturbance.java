package io.tidemark.exchange.emission;

import org.jspecify.annotations.Nullable;

/** Says which frames meet with trouble. Asked by the emission's thread. */
public interface Disturbance {
    Disturbance NONE = number -> null;

    /**
     * The next trouble that strikes before the frame which would be emitted under this number, from 1;
     * null if there is none (any more). Each trouble is handed out once.
     */
    @Nullable
    Trouble due(long number);
}
