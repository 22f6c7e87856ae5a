package io.tidemark.exchange.recording;

import org.jspecify.annotations.Nullable;

/**
 * One line of a capture, freed from its container.
 *
 * @param origin what the container says about the text
 * @param timeNanos receipt time, nanoseconds since 1970
 * @param url the request of a REST answer, where the container kept it
 * @param text the frame or answer exactly as it was recorded; of a binary frame its base64
 * @param binary whether the frame was a binary one
 * @param number the line's number in its file, from 1
 * @param connection name of the connection where the container keeps it, else empty
 */
public record CapturedLine(
        Origin origin,
        long timeNanos,
        @Nullable String url,
        String text,
        boolean binary,
        long number,
        String connection) {

    CapturedLine(Origin origin, long timeNanos, @Nullable String url, String text, boolean binary, long number) {
        this(origin, timeNanos, url, text, binary, number, "");
    }

    public enum Origin {
        /** Received on a WebSocket. */
        SOCKET,
        /** The answer to a REST request. */
        REST,
        /** The container mixes both without a mark; the text itself has to tell. */
        UNMARKED,
        /** Says something about the recording, such as a connection opened; never emitted. */
        NOTE
    }
}
