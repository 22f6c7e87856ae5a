package io.tidemark.exchange.protocol.subscribed;

import io.tidemark.exchange.recording.MalformedException;
import java.util.List;
import java.util.Set;

/**
 * What a frame is.
 *
 * @param stream as clients subscribe to it, {@link #CONTROL} for what every client gets
 * @param kind what it is called in counts
 * @param symbols the venue's spelling; empty for control frames
 * @param books what it says of books
 */
public record Decoded(String stream, String kind, Set<String> symbols, List<BookChange> books) {
    /** Acknowledgements, heartbeats of the connection and the like; part of every subscription. */
    public static final String CONTROL = "!control";

    public static Decoded control(String kind) {
        return new Decoded(CONTROL, kind, Set.of(), List.of());
    }

    public static Decoded data(String channel, String kind, String symbol) {
        return new Decoded(stream(channel, symbol), kind, Set.of(symbol), List.of());
    }

    public static String stream(String channel, String symbol) {
        return channel + "|" + symbol;
    }

    /** What a text is; with {@code forgives} also one that nobody can read, as what every client gets. */
    static Decoded of(Dialect dialect, String text, boolean forgives) throws MalformedException {
        try {
            return dialect.decode(text);
        } catch (MalformedException e) {
            if (forgives) {
                return control("unreadable");
            }
            throw e;
        }
    }
}
