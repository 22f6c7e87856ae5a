package io.tidemark.lake.flight;

/** A statement that the endpoint does not run; the message says why, in words for the one who sent it. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean malformed;

    private RefusedException(String message, boolean malformed) {
        super(message);
        this.malformed = malformed;
    }

    /** Understood, and not allowed. */
    static RefusedException notAllowed(String reason) {
        return new RefusedException("refused: " + reason, false);
    }

    /** Not a statement at all. */
    static RefusedException malformed(String reason) {
        return new RefusedException(reason, true);
    }

    boolean malformed() {
        return malformed;
    }
}
