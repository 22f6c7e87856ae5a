package io.tidemark.lake.events;

import io.tidemark.contracts.proto.Envelope;
import java.util.Comparator;

/** The part of an identity that all events of a stream and incarnation share; ordered as identities are. */
public record StreamKey(String edge, long incarnation, String source, String channel, String symbol)
        implements Comparable<StreamKey> {
    private static final Comparator<StreamKey> ORDER = Comparator.comparing(StreamKey::edge)
            .thenComparingLong(StreamKey::incarnation)
            .thenComparing(StreamKey::source)
            .thenComparing(StreamKey::channel)
            .thenComparing(StreamKey::symbol);

    /** Of an event. */
    public static StreamKey of(Envelope event) {
        return new StreamKey(
                event.getEdge(), event.getIncarnation(), event.getSource(), event.getChannel(), event.getSymbol());
    }

    @Override
    public int compareTo(StreamKey other) {
        return ORDER.compare(this, other);
    }
}
