package io.tidemark.exchange.emission;

import java.io.IOException;

/** Keeps the {@link RunState}; {@link #save} returns when it is safe from a crash. */
public interface StateStore {
    /** Keeps nothing; for runs without a state file. */
    StateStore NONE = state -> {};

    void save(RunState state) throws IOException;
}
