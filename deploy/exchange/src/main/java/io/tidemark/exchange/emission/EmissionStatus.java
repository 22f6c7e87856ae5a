package io.tidemark.exchange.emission;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The emission at one moment.
 *
 * @param position frames of the subscribed streams that lie behind
 * @param emitted highest position ever reached, in all incarnations that share the state file
 * @param skipped frames behind the position that nobody had subscribed to
 * @param byKind frames behind the position by kind; their sum is the position
 * @param finished everything was handed out and has left this process
 * @param clients connections, subscribed or not
 * @param seeking a place further on or back is being looked for
 * @param base logged frames of the first resuming client at its first connection
 * @param timeNanos time of the last frame behind the position, 0 at the beginning
 * @param numbering the streams over which positions are counted
 */
public record EmissionStatus(
        long position,
        long emitted,
        long skipped,
        Map<String, Long> byKind,
        boolean finished,
        int clients,
        boolean seeking,
        @Nullable Long base,
        long timeNanos,
        List<String> numbering) {}
