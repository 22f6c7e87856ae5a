package io.tidemark.local.supervise;

import java.util.Objects;

/** Something the user has to know in one sentence; the launcher prints the message alone and ends with 1. */
public final class StackFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StackFailure(String message) {
        super(message);
    }

    public StackFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** The sentence. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
