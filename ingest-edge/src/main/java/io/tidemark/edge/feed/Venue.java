package io.tidemark.edge.feed;

/**
 * What one venue says on one connection, and what it wants to be asked.
 *
 * <p>One object per feed, called on the feed's thread only. A new venue is one implementation and its recorded
 * frames. Everything is recorded through the {@link EventRecorder} it was built with.
 */
public interface Venue {
    /** The absolute {@code ws://} or {@code wss://} address, with the subscriptions where the venue takes them there. */
    String address();

    /** A connection stands; {@code link} is good until {@link #closed}. Subscribes where the address does not. */
    void opened(VenueLink link);

    /** The connection is gone; what comes next may not continue where it broke off. */
    void closed();

    /**
     * Decodes one message and records its events. On failure the events are taken back, the frame stays, and the
     * connection lives.
     */
    void frame(byte[] bytes, int offset, int length) throws BadFrameException;

    /**
     * Whether everything that the message says has been recorded already. Asked when two connections overlapped; told
     * by ids, never by value. A venue that cannot tell has no {@link VenuePlan#connectionMaxAge}.
     */
    default boolean repeats(byte[] bytes, int offset, int length) throws BadFrameException {
        return false;
    }

    /**
     * Other instruments or streams are asked for from now on. While a connection stands the difference is subscribed
     * and unsubscribed on it; what stays is not disturbed.
     *
     * @param plan of the same protocol
     */
    void change(VenuePlan plan);

    /** A message was cut off by a defect of this program: what was built from messages is to be built anew. */
    void distrust();
}
