package io.tidemark.edge.feed;

/** Where a feed stands. */
public enum FeedState {
    /** Opening a connection. */
    CONNECTING,
    CONNECTED,
    /** Between two attempts. */
    WAITING,
    /** The source has no more. */
    ENDED,
    /** By order, or because nothing more can be done. */
    STOPPED
}
