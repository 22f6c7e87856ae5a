package io.tidemark.edge.poll;

import io.tidemark.contracts.topic.Topics;
import io.tidemark.edge.feed.BadFrameException;
import java.io.IOException;
import java.util.List;

/** What one kind of source asks and makes of the answers. Used by the source's thread only. */
public interface PollSource {
    /** What is recorded already. */
    interface Recorded {
        /** The newest exchange time of a stream's events; {@code EventEncoder.ABSENT} for none. */
        long newest(String channel, String symbol) throws IOException;
    }

    /** Whose consumers set the pace. */
    Topics family();

    /** Addresses that will be asked, one of each host at least. */
    List<PollRequest> round(Recorded recorded) throws IOException;

    /**
     * Gives an answer's records to the sink. True when the same must be asked on at once, by {@link #following}.
     * Throws for an answer that is none as a whole; its records are then forgotten.
     */
    boolean decode(PollRequest request, byte[] answer, RecordSink sink) throws BadFrameException, IOException;

    /** The request for what stands behind what was recorded of this one. */
    default PollRequest following(PollRequest request, Recorded recorded) throws IOException {
        return request;
    }
}
