package io.tidemark.edge.poll;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a polled source says of itself.
 *
 * @param fresh whether it was asked with success lately
 * @param lastSuccess wall time in nanoseconds of the last answer that could be used; 0 for none yet
 * @param lastData wall time in nanoseconds when something new was recorded; 0 for not yet
 * @param interval from one round to the next at present, longer than set when consumers are behind
 * @param problem the last thing that went wrong, until it works again
 */
public record PollStatus(
        String name,
        String kind,
        State state,
        boolean fresh,
        long requests,
        long records,
        long duplicates,
        long rounded,
        long quarantined,
        long lastSuccess,
        long lastData,
        Duration interval,
        @Nullable String problem) {
    /** Where a polled source stands. */
    public enum State {
        ASKING,
        /** Until the next round. */
        WAITING,
        /** Until the next attempt, or because the host asked to be left alone. */
        BACKING_OFF,
        STOPPED
    }
}
