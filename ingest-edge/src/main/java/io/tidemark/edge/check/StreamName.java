package io.tidemark.edge.check;

import io.tidemark.contracts.proto.Envelope;

/** A stream of one incarnation: its sequences begin at 0 and have no holes. */
record StreamName(String source, String channel, String symbol, long incarnation) implements Comparable<StreamName> {
    static StreamName of(Envelope event) {
        return new StreamName(event.getSource(), event.getChannel(), event.getSymbol(), event.getIncarnation());
    }

    @Override
    public int compareTo(StreamName other) {
        int order = source.compareTo(other.source);
        order = order != 0 ? order : Long.compare(incarnation, other.incarnation);
        order = order != 0 ? order : channel.compareTo(other.channel);
        return order != 0 ? order : symbol.compareTo(other.symbol);
    }

    @Override
    public String toString() {
        return source + " " + channel + " " + symbol + ", incarnation " + incarnation;
    }
}
