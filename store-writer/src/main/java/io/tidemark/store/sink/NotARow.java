package io.tidemark.store.sink;

import io.tidemark.store.write.Inbound;

/** Why a record can never become a row. */
final class NotARow extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /** {@code reason} is a word of a closed list, for counting. */
    NotARow(String reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    Rejected of(Inbound origin) {
        return new Rejected(origin, reason, String.valueOf(getMessage()));
    }
}
