package io.tidemark.exchange.emission;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has to outlive a crash.
 *
 * @param run fingerprint of the tape
 * @param start first instant of a market, so that a restart makes the same frames; null for recordings
 * @param base frames the resuming client had in its log when it came for the first time
 * @param streams the streams over which positions are counted
 * @param emitted highest position handed out, as of the last save
 * @param finished whether everything was handed out
 */
public record RunState(
        String run, @Nullable String start, @Nullable Long base, List<String> streams, long emitted, boolean finished) {
    public static RunState fresh(String run, @Nullable String start) {
        return new RunState(run, start, null, List.of(), 0, false);
    }
}
