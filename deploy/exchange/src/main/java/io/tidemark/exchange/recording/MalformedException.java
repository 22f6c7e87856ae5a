package io.tidemark.exchange.recording;

/**
 * What is wrong with a text, without its place; the reader that knows file and line turns it into a
 * {@link BrokenLineException}.
 */
public final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedException(String reason) {
        super(reason);
    }

    /** The reason; never null, unlike {@link #getMessage()} by its type. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
