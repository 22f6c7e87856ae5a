package io.tidemark.edge.poll;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.edge.feed.BadFrameException;

/** Takes what a decoder makes of an answer or a file, record by record, in order. */
public interface RecordSink {
    /** Which stream of the source an event belongs to. */
    record Target(String channel, String symbol, String venueSymbol) {}

    /**
     * An event; {@code body} holds the kind's own field only. {@code exchangeTime} may be
     * {@code EventEncoder.ABSENT}.
     */
    void event(Target target, long exchangeTime, Envelope body);

    /** A record that cannot be taken, as it was read; the others are. */
    void bad(BadFrameException why, String record, String position);
}
