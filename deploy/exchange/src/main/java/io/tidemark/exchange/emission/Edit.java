package io.tidemark.exchange.emission;

import java.util.List;

/**
 * Something that happened to an emission besides one frame of the tape following the other.
 *
 * @param raw frames of the tape that lay behind, wanted or not
 * @param position frames the client had been given
 * @param count how many frames; 0 for {@link Kind#STREAMS}
 * @param streams what is counted from here on; empty for the other kinds
 */
public record Edit(Kind kind, long raw, long position, long count, List<String> streams) {
    public enum Kind {
        /** Other streams are subscribed to from here on. */
        STREAMS,
        /** Frames were put between two of the tape: answers, and books as they stood. */
        INSERTED,
        /** The next frames of the tape were kept from the client by a fault. */
        WITHHELD,
        /** A fault gave the client frames that the venue never meant. */
        ADDED
    }

    public Edit {
        streams = List.copyOf(streams);
    }

    static Edit streams(long raw, long position, List<String> streams) {
        return new Edit(Kind.STREAMS, raw, position, 0, streams);
    }

    Edit counting(long frames) {
        return new Edit(kind, raw, position, frames, streams);
    }
}
