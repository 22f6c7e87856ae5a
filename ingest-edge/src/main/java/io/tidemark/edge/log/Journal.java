package io.tidemark.edge.log;

import io.tidemark.contracts.event.Connector;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.event.StreamHead;

/**
 * Where one source's events are recorded, batch by batch.
 *
 * <p>A batch is everything that comes of one frame: the frame itself, its events, the bars it closes. After
 * a crash a batch is there whole or not at all. Used by the source's own thread only.
 *
 * <p>To record an event: encode it with {@link #encoder()}, giving the stream's head and
 * {@link Stream#sequence()}, then {@link #add} it; end the batch with {@link #commit}.
 */
public interface Journal {
    /** One stream of this incarnation and the sequence that its next event gets. */
    final class Stream {
        private final StreamHead head;
        private long sequence;
        /** Known to the log that made the stream: bytes of the encoded head, the kind byte, the channel's counter. */
        int headLength;

        byte kind;
        int counter;

        Stream(StreamHead head) {
            this.head = head;
        }

        public StreamHead head() {
            return head;
        }

        public long sequence() {
            return sequence;
        }

        void advance() {
            sequence++;
        }

        void rewind(long to) {
            sequence = to;
        }
    }

    /** The same object for the same channel and symbol. */
    Stream stream(String channel, String symbol, String venueSymbol, Connector connector);

    EventEncoder encoder();

    /** Takes what {@link #encoder()} holds as the stream's next event into the open batch. */
    void add(Stream stream);

    /** Remembers the open batch as it stands now, for {@link #rollback}. */
    void mark();

    /** Forgets what was added since {@link #mark}, and gives its sequences back. */
    void rollback();

    /**
     * Makes sure that the next batch will be taken, of any size, and throws {@link LogUnavailableException} when it would
     * not: asked before a frame is decoded, so that nothing is built upon what cannot be recorded.
     */
    default void ready(long receiveTime) {}

    /** Forgets the whole open batch and gives its sequences back. */
    void abandon();

    /** Ends the batch. It reaches the log within the write interval, all of it or nothing. */
    void commit();

    /** WebSocket frames of this source ever committed here, of all incarnations that the log still vouches for. */
    long framesLogged();
}
