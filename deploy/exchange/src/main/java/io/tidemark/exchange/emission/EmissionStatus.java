package io.tidemark.exchange.emission;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The emission at one moment.
 *
 * @param position frames that a client which was there from the beginning has now
 * @param emitted frames of the subscribed streams and inserted ones that lie behind; the highest such
 *     count in all incarnations that share the state file
 * @param inserted of these, answers and books that stood between the frames of the tape
 * @param withheld of these, frames that a fault kept from the client
 * @param added frames behind the position that a fault gave the client beyond what was emitted
 * @param unheard frames that went by while nobody listened, in this process; part of what was emitted
 * @param skipped frames behind the position that nobody had subscribed to
 * @param byKind frames behind the position by kind; their sum and the inserted ones are what was emitted
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
        long inserted,
        long withheld,
        long added,
        long unheard,
        long skipped,
        Map<String, Long> byKind,
        boolean finished,
        int clients,
        boolean seeking,
        @Nullable Long base,
        long timeNanos,
        List<String> numbering) {}
