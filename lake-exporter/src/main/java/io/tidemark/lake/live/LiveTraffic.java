package io.tidemark.lake.live;

import io.tidemark.contracts.proto.Envelope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How much the tail took, by topic and edge, since it was last asked. Thread-safe and bounded. */
final class LiveTraffic {
    private static final int MOST_EDGES = 1_000;

    private final Map<String, Map<String, Long>> byTopic = new HashMap<>();
    private long epoch;

    synchronized void epoch(long number) {
        epoch = number;
    }

    /** Of this process among those that kept the tail; 0 while it does not. */
    synchronized long epoch() {
        return epoch;
    }

    synchronized void taken(String topic, List<Envelope> events) {
        Map<String, Long> edges = byTopic.computeIfAbsent(topic, name -> new TreeMap<>());
        for (Envelope event : events) {
            if (edges.size() < MOST_EDGES || edges.containsKey(event.getEdge())) {
                edges.merge(event.getEdge(), 1L, Long::sum);
            }
        }
    }

    /** Records by edge of each topic. */
    synchronized Map<String, Map<String, Long>> drain() {
        Map<String, Map<String, Long>> taken = new HashMap<>(byTopic);
        byTopic.clear();
        return taken;
    }
}
