package io.tidemark.sync.scan;

import io.tidemark.contracts.event.Channel;

/**
 * Which files are synced.
 *
 * @param includeRaw whether raw frames, by far the largest channel, go too
 */
public record Selection(PathPattern pattern, boolean includeRaw) {
    public boolean takes(String path) {
        return pattern.matches(path) && (includeRaw || !isRaw(path));
    }

    /** A segment's path is {@code <connector>/<channel>/…}. */
    public static boolean isRaw(String path) {
        int start = path.indexOf('/') + 1;
        return start > 0 && path.startsWith(Channel.FRAMES.label() + "/", start);
    }
}
