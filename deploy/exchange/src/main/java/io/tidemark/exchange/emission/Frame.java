package io.tidemark.exchange.emission;

/**
 * One WebSocket frame of the emission order.
 *
 * @param stream the stream it belongs to, as clients subscribe to it
 * @param kind what the stream carries, for counting (trade, depth, ...)
 * @param text what is sent
 * @param timeNanos when it was received by the recorder, or made by the market; nanoseconds since 1970
 */
public record Frame(String stream, String kind, String text, long timeNanos) {}
