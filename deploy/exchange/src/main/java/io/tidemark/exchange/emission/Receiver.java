package io.tidemark.exchange.emission;

/**
 * A connected client as the emission sees it. All methods are called by the emission's thread and
 * return at once; a receiver that has taken what it was given calls {@link Emission#wake()}.
 */
public interface Receiver {
    /** Whether another frame may be handed to it now; what bounds memory and paces the emission. */
    boolean hasRoom();

    /** Whether everything handed to it has left this process. */
    boolean drained();

    void send(Frame frame);

    /** Everything was emitted and drained. */
    void finish();

    /** A newer connection of the same client has taken its place. */
    void replaced();

    /** For messages to the operator. */
    String describe();
}
