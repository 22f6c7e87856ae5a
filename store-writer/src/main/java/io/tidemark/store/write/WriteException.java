package io.tidemark.store.write;

import io.tidemark.contracts.failure.FailureKind;

/** A batch was not written; the coordinator repeats it. */
public final class WriteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;

    public WriteException(FailureKind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public FailureKind kind() {
        return kind;
    }
}
