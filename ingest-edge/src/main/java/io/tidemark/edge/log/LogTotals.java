package io.tidemark.edge.log;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many records of each channel the logs of a source hold up to some point, over all incarnations.
 *
 * @param channels by channel name; a channel that never had a record is absent
 * @param webSocketFrames those of the records that are frames of a socket
 */
public record LogTotals(Map<String, Long> channels, long webSocketFrames) {
    public static final LogTotals NONE = new LogTotals(Map.of(), 0);

    public LogTotals {
        channels = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(channels));
    }

    public long of(String channel) {
        return channels.getOrDefault(channel, 0L);
    }

    LogTotals plus(Map<String, Long> more, long frames) {
        SortedMap<String, Long> sum = new TreeMap<>(channels);
        more.forEach((channel, count) -> sum.merge(channel, count, Long::sum));
        return new LogTotals(sum, webSocketFrames + frames);
    }
}
