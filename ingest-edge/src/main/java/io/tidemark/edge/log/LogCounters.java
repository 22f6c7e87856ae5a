package io.tidemark.edge.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Records written per channel since the first log of the source. Guarded by the log's lock. */
final class LogCounters {
    private final List<String> channels = new ArrayList<>();
    private long[] written = new long[16];
    private long webSocketFrames;

    LogCounters(LogTotals before) {
        before.channels().forEach((channel, count) -> written[counter(channel)] = count);
        webSocketFrames = before.webSocketFrames();
    }

    int counter(String channel) {
        int at = channels.indexOf(channel);
        if (at < 0) {
            at = channels.size();
            channels.add(channel);
            if (at == written.length) {
                written = Arrays.copyOf(written, at * 2);
            }
        }
        return at;
    }

    int size() {
        return channels.size();
    }

    void add(int[] counts, int frames) {
        for (int i = 0; i < channels.size() && i < counts.length; i++) {
            written[i] += counts[i];
        }
        webSocketFrames += frames;
    }

    LogTotals totals() {
        return totalsBefore(List.<UnsyncedBlocks.Entry>of().iterator());
    }

    /** The totals without the blocks that were not synced. */
    LogTotals totalsBefore(Iterator<UnsyncedBlocks.Entry> unsynced) {
        long[] counts = Arrays.copyOf(written, channels.size());
        long frames = webSocketFrames;
        while (unsynced.hasNext()) {
            UnsyncedBlocks.Entry entry = unsynced.next();
            for (int i = 0; i < entry.counts().length; i++) {
                counts[i] -= entry.counts()[i];
            }
            frames -= entry.webSocketFrames();
        }
        return named(counts, frames);
    }

    LogTotals totalsWith(PendingBlock pending) {
        long[] counts = Arrays.copyOf(written, channels.size());
        for (int i = 0; i < counts.length && i < pending.counts().length; i++) {
            counts[i] += pending.counts()[i];
        }
        return named(counts, webSocketFrames + pending.webSocketFrames());
    }

    private LogTotals named(long[] counts, long frames) {
        Map<String, Long> named = new TreeMap<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                named.put(channels.get(i), counts[i]);
            }
        }
        return new LogTotals(named, frames);
    }
}
