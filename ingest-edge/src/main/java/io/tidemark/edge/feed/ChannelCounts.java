package io.tidemark.edge.feed;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** Events of one source committed since the start, by channel. Written by the feed's thread, read by any. */
public final class ChannelCounts {
    private final Map<String, AtomicLong> byChannel = new ConcurrentHashMap<>();
    private final BiConsumer<String, AtomicLong> onNewChannel;

    /** {@code onNewChannel} is told of each channel once, so that it can show the count. */
    public ChannelCounts(BiConsumer<String, AtomicLong> onNewChannel) {
        this.onNewChannel = onNewChannel;
    }

    AtomicLong of(String channel) {
        AtomicLong known = byChannel.get(channel);
        if (known != null) {
            return known;
        }
        AtomicLong added = new AtomicLong();
        byChannel.put(channel, added);
        onNewChannel.accept(channel, added);
        return added;
    }

    public Map<String, Long> snapshot() {
        Map<String, Long> counts = new TreeMap<>();
        byChannel.forEach((channel, count) -> counts.put(channel, count.get()));
        return counts;
    }
}
