package io.tidemark.contracts.event;

import io.tidemark.contracts.proto.Envelope;

/**
 * The name of an event, by which everything downstream counts and removes repeats; never by value.
 *
 * @param incarnation raised by the edge before the first frame of each start
 * @param sequence from 0 in each incarnation of a stream, without holes
 */
public record Identity(String edge, long incarnation, String source, String channel, String symbol, long sequence)
        implements Comparable<Identity> {

    public static Identity of(Envelope event) {
        return new Identity(
                event.getEdge(),
                event.getIncarnation(),
                event.getSource(),
                event.getChannel(),
                event.getSymbol(),
                event.getSequence());
    }

    /** Edge, incarnation, source, channel, symbol, sequence: the order that breaks ties of event time. */
    @Override
    public int compareTo(Identity other) {
        int order = edge.compareTo(other.edge);
        if (order == 0) {
            order = Long.compare(incarnation, other.incarnation);
        }
        if (order == 0) {
            order = source.compareTo(other.source);
        }
        if (order == 0) {
            order = channel.compareTo(other.channel);
        }
        if (order == 0) {
            order = symbol.compareTo(other.symbol);
        }
        return order == 0 ? Long.compare(sequence, other.sequence) : order;
    }

    @Override
    public String toString() {
        return edge + "/" + incarnation + "/" + source + "/" + channel + "/" + symbol + "/" + sequence;
    }
}
