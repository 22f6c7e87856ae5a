package io.tidemark.edge.feed;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a feed says of itself.
 *
 * @param frames WebSocket frames in the log, of all incarnations
 * @param handovers connections that took the place of an older one before the venue closed it
 * @param bookChecksPassed checks of this run that a book here agrees with the venue: its checksums, or its update ids
 * @param fresh whether data flows, or the source has ended
 * @param lastFrameTime nanoseconds since 1970 UTC; 0 before the first frame of this run
 * @param lastDataTime the same of a frame that held data, not a heartbeat or an acknowledgement
 * @param instruments events of the busier channels in this run, by symbol
 * @param staleStreams {@code symbol/channel} of what is quiet beyond its habit
 * @param problem the last thing that went wrong, until it works again
 */
public record FeedStatus(
        String name,
        FeedState state,
        long frames,
        long quarantined,
        long reconnects,
        long handovers,
        long bookChecksPassed,
        long bookChecksFailed,
        boolean fresh,
        long lastFrameTime,
        long lastDataTime,
        Map<String, Long> instruments,
        List<String> staleStreams,
        @Nullable String problem) {}
