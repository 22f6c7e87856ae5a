package io.tidemark.edge.feed;

import io.tidemark.contracts.proto.GapReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a venue may ask of its feed while a connection stands. All answers come on the feed's thread. */
public interface VenueLink {
    /**
     * Asks the venue's REST address. Exactly one method of the listener is called, unless the connection ends
     * before the answer comes.
     */
    void get(Instrument instrument, String pathAndQuery, RestListener listener);

    /** Sends a text message: a subscription, an answer to a ping of the venue's own. */
    void send(String text);

    /**
     * Gives the connection up and opens another, because only that brings the venue and the edge in step again.
     * What may be missing is recorded with this reason.
     */
    void renew(GapReason reason, String detail);

    /** Runs later, unless the connection ends before. */
    void after(Duration delay, Runnable task);

    /** How an answer by REST is taken. */
    interface RestListener {
        /** Called inside a batch that holds the answer as a frame already. */
        void answered(byte[] body, int length) throws BadFrameException;

        /** The answer could not be taken, or there was none. */
        void failed(RestFailure failure);
    }

    /**
     * @param status of HTTP, or 0 where there was no answer
     * @param retryAfter what the venue asked for
     */
    record RestFailure(int status, @Nullable Duration retryAfter, String message) {}
}
