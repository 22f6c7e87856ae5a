package io.tidemark.exchange.protocol.subscribed;

import io.tidemark.exchange.recording.MalformedException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one venue speaks whose streams are subscribed to by messages over the socket. Stateless; what
 * belongs to a connection is its {@link Conversation}.
 */
public interface Dialect {
    String name();

    /** Whether its WebSocket is served at this path. */
    boolean speaksAt(String path);

    /** What a frame is, with every field of a known kind checked. */
    Decoded decode(String text) throws MalformedException;

    /** The frame with which the venue gives somebody the whole book. */
    String snapshot(StandingBook book);

    /**
     * Whether the book fits the checksum that came with the change; null if none came with it.
     */
    default @Nullable Boolean checks(StandingBook book, BookChange change) {
        return null;
    }

    /**
     * A new connection.
     *
     * @param symbols those that can be subscribed to
     * @param acknowledges whether requests are acknowledged on the spot; a recording holds its own
     *     acknowledgements
     * @param clock for times in answers
     */
    Conversation conversation(Set<String> symbols, boolean acknowledges, InstantSource clock);

    /** Messages a client may send in a second. */
    int requestsPerSecond();

    /** Time in which a client has to subscribe to something; null for as long as it likes. */
    default @Nullable Duration subscribeWithin() {
        return null;
    }

    /** How the market model is written in this venue's words; null if it is not. */
    default @Nullable MarketScript marketScript() {
        return null;
    }
}
