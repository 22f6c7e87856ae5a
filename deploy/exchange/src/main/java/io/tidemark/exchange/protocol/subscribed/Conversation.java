package io.tidemark.exchange.protocol.subscribed;

import io.tidemark.exchange.emission.Frame;
import java.util.List;
import java.util.Set;

/**
 * One connection of a client: what it subscribed to and how frames are written for it.
 *
 * <p>{@link #request} is called on the event loop, {@link #form} by the emission's thread for every
 * frame in order; the two share nothing.
 */
public interface Conversation {
    /** Obeys a message of the client. */
    Reply request(String text);

    /** The frame as this connection gets it. */
    default String form(Frame frame) {
        return frame.text();
    }

    /**
     * @param streams all that the client is subscribed to now
     * @param asked of these, what this message asked for, whether it had it before or not
     * @param answers what is said to the client
     */
    record Reply(Set<String> streams, Set<String> asked, List<String> answers) {}
}
