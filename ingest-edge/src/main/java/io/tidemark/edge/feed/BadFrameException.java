package io.tidemark.edge.feed;

import java.util.Locale;

/** A message that cannot be taken: its frame stays in the record, its events do not, and the connection lives. */
public final class BadFrameException extends Exception {
    private static final long serialVersionUID = 1;

    /** The metric's tag. */
    public enum Reason {
        /** Not the venue's format at all. */
        MALFORMED,
        /** A kind of message that this edge does not know. */
        UNKNOWN_TYPE,
        UNKNOWN_SYMBOL,
        MISSING_FIELD,
        /** Not a number, or a negative one where there is none. */
        BAD_NUMBER,
        /** Does not fit decimal(38,18); nothing is rounded. */
        NUMBER_OUT_OF_RANGE,
        /** The venue says that it will not do what it was asked: a subscription that brings no data. */
        REFUSED,
        /** A defect of this program. */
        INTERNAL_ERROR;

        public String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Reason reason;

    public BadFrameException(Reason reason, String detail) {
        // Rubbish may come in floods; nobody reads the stack of it.
        super(detail, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
