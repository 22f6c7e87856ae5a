package io.tidemark.store.sink;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a transaction has done so far; counted only after its commit. Used by one thread. */
public final class WrittenBars {
    final List<Rejected> refused = new ArrayList<>();

    @Nullable
    Divergence divergence;

    int rowsChanged;
    long primaryNanos;
    long shadowNanos;

    /** Rows that the shadow table lacks, and why. */
    public record Divergence(String sink, int rows, String sqlState, String reason) {}

    WrittenBars() {}

    /** Records that only the database could refuse. */
    public List<Rejected> refused() {
        return refused;
    }

    public @Nullable Divergence divergence() {
        return divergence;
    }

    /** Rows inserted or replaced in the primary table. */
    public int rowsChanged() {
        return rowsChanged;
    }
}
