package io.tidemark.exchange.emission;

/**
 * One WebSocket frame of the emission order.
 *
 * @param stream the stream it belongs to, as clients subscribe to it; empty for an answer to one client
 * @param kind what the stream carries, for counting (trade, depth, ...)
 * @param text what is sent
 * @param timeNanos when it was received by the recorder, or made by the market; nanoseconds since 1970
 */
public record Frame(String stream, String kind, String text, long timeNanos) {
    /** An answer that only the client that asked gets, sent as it is. */
    public static Frame answer(String text) {
        return new Frame("", "answer", text, 0);
    }

    public boolean isAnswer() {
        return stream.isEmpty();
    }
}
