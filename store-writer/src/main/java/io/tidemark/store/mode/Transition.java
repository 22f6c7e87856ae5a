package io.tidemark.store.mode;

import java.util.List;
import java.util.Optional;

/**
 * A step from one mode to the next, and whether the two tables have to be proved equal before it.
 *
 * <p>The states stand in a row, LEGACY - DUAL_LEGACY - DUAL_PROVIDER - PROVIDER, and one step leads to a
 * neighbour only: so nothing becomes the truth that was not written beside the truth before. Proof is asked
 * for where the truth moves to the other table, and where the fallback is given up.
 */
public record Transition(StoreMode from, StoreMode to, boolean needsProof, String meaning) {
    private static final List<Transition> ALL = List.of(
            new Transition(StoreMode.LEGACY, StoreMode.DUAL_LEGACY, false, "begin to write bars_ohlcv beside bars"),
            new Transition(StoreMode.DUAL_LEGACY, StoreMode.LEGACY, false, "give the migration up; bars was the truth"),
            new Transition(StoreMode.DUAL_LEGACY, StoreMode.DUAL_PROVIDER, true, "bars_ohlcv becomes the truth"),
            new Transition(StoreMode.DUAL_PROVIDER, StoreMode.DUAL_LEGACY, true, "bars becomes the truth again"),
            new Transition(StoreMode.DUAL_PROVIDER, StoreMode.PROVIDER, true, "end of the migration: no more fallback"),
            new Transition(StoreMode.PROVIDER, StoreMode.DUAL_PROVIDER, false, "write bars again beside bars_ohlcv"));

    public static Optional<Transition> between(StoreMode from, StoreMode to) {
        return ALL.stream().filter(step -> step.from == from && step.to == to).findFirst();
    }

    /** The steps that may be taken from a mode. */
    public static List<Transition> from(StoreMode mode) {
        return ALL.stream().filter(step -> step.from == mode).toList();
    }
}
