package io.tidemark.exchange.emission;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has to outlive a crash.
 *
 * @param run fingerprint of the tape
 * @param start first instant of a market, so that a restart makes the same frames; null for recordings
 * @param base frames the resuming client had in its log when it came for the first time
 * @param edits what happened besides the tape running on
 * @param position frames handed out to a client, as of the last save
 * @param emitted highest count of frames ever handed out, as of the last save
 * @param finished whether everything was handed out
 */
public record RunState(
        String run,
        @Nullable String start,
        @Nullable Long base,
        List<Edit> edits,
        long position,
        long emitted,
        boolean finished) {
    public RunState {
        edits = List.copyOf(edits);
    }

    public static RunState fresh(String run, @Nullable String start) {
        return new RunState(run, start, null, List.of(), 0, 0, false);
    }
}
