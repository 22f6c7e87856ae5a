package io.tidemark.sync.target;

import java.io.InterruptedIOException;
import java.util.function.BooleanSupplier;

/** The program was asked to stop in the middle of a file; nothing failed, and nothing half-done is visible. */
public final class StoppedException extends InterruptedIOException {
    private static final long serialVersionUID = 1L;

    public StoppedException() {
        super("stopped");
    }

    public static void throwIf(BooleanSupplier stopped) throws StoppedException {
        if (stopped.getAsBoolean()) {
            throw new StoppedException();
        }
    }
}
