package io.tidemark.edge.load;

/** Why a load cannot go on, in one sentence. */
public final class LoadFailure extends Exception {
    private static final long serialVersionUID = 1;

    public LoadFailure(String message) {
        super(message);
    }
}
