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

    /**
     * The frame as this client gets it. Called once for each frame in order, also for those that a fault
     * keeps from it: venues that number the frames of a connection number these too.
     */
    String form(Frame frame);

    void send(String text);

    /** Sends the first half of this text as an unfinished frame, and cuts the line. */
    void sendHalf(String text);

    /** Sends a frame of this size that says nothing. */
    void sendHuge(long bytes);

    /** Cuts the line without a word. */
    void cut();

    /** Closes in order, as venues do after 24 hours. */
    void expire();

    /** Everything was emitted and drained. */
    void finish();

    /** A newer connection of the same client has taken its place. */
    void replaced();

    /** For messages to the operator. */
    String describe();
}
