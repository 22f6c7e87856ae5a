package io.tidemark.lake.run;

/** Where an export stands between two irreversible steps; tests stop it there. */
@FunctionalInterface
interface Checkpoints {
    /** Each named for what was just done. */
    enum Step {
        LOCKED,
        LEFTOVERS_REMOVED,
        INPUTS_CHECKED,
        INSTRUMENT_READ,
        INSTRUMENT_WRITTEN,
        ALL_WRITTEN,
        COMMITTED
    }

    Checkpoints NONE = step -> {};

    void reached(Step step);
}
