package io.tidemark.edge.segment;

import io.tidemark.contracts.event.Connector;
import io.tidemark.contracts.proto.Envelope;

/** What one log holds of one segment, as the first pass over the log counts it. */
final class Partition {
    record Name(Connector connector, String channel, String symbol) {
        static Name of(Envelope stream) {
            return new Name(Connector.of(stream.getConnector()), stream.getChannel(), stream.getSymbol());
        }
    }

    final Name name;
    long rows;
    long bytes;
    /** Its records already stand in the order of the file. */
    boolean ordered = true;

    private long lastTime = Long.MIN_VALUE;
    private long lastSequence = -1;

    Partition(Name name) {
        this.name = name;
    }

    void count(long eventTime, long sequence, int length) {
        if (eventTime < lastTime || (eventTime == lastTime && sequence < lastSequence)) {
            ordered = false;
        }
        lastTime = eventTime;
        lastSequence = sequence;
        rows++;
        bytes += length;
    }
}
