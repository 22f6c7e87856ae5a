package io.tidemark.contracts.failure;

import java.util.Locale;

/** What a failure means for the one who asked: decides retry, dead letter or stop, and is the metric's tag. */
public enum FailureKind {
    /** The input is wrong and stays wrong. */
    INVALID,
    /** It may work when tried again. */
    TRANSIENT,
    /** It may have happened; an idempotent repeat is the answer. */
    OUTCOME_UNKNOWN,
    STORAGE_FULL,
    /** Nothing more can be done in this process. */
    FATAL;

    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
