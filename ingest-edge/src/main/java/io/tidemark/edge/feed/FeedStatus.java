package io.tidemark.edge.feed;

import org.jspecify.annotations.Nullable;

/**
 * What a feed says of itself.
 *
 * @param frames WebSocket frames in the log, of all incarnations
 * @param bookChecksPassed checks of this run that a book here agrees with the venue: its checksums, or its update ids
 * @param fresh whether data flows, or the source has ended
 * @param lastFrameTime nanoseconds since 1970 UTC; 0 before the first frame of this run
 * @param problem the last thing that went wrong, until it works again
 */
public record FeedStatus(
        String name,
        FeedState state,
        long frames,
        long quarantined,
        long reconnects,
        long bookChecksPassed,
        long bookChecksFailed,
        boolean fresh,
        long lastFrameTime,
        @Nullable String problem) {}
