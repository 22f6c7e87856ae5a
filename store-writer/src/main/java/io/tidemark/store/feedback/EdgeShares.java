package io.tidemark.store.feedback;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which edges send how much of the whole, of late. Thread-safe and bounded: beyond the limit the edge that
 * was silent longest is forgotten, and so is one that was silent for ten minutes.
 */
public final class EdgeShares {
    private static final int MOST_EDGES = 1_000;
    private static final long FORGET_NANOS = 600_000_000_000L;
    private static final double KEEP = 0.8;

    private static final class Seen {
        double weight;
        long last;
    }

    /** An edge and its part of what arrived, all parts adding up to 1. */
    record Share(String edge, double part) {}

    private final Map<String, Map<String, Seen>> families = new HashMap<>();

    /** {@code family} is a topic's short name. */
    public synchronized void add(String family, Map<String, Integer> records, long nanos) {
        Map<String, Seen> edges = families.computeIfAbsent(family, ignored -> new HashMap<>());
        records.forEach((edge, count) -> {
            Seen seen = edges.computeIfAbsent(edge, ignored -> new Seen());
            seen.weight += count;
            seen.last = nanos;
        });
        while (edges.size() > MOST_EDGES) {
            edges.entrySet().stream()
                    .min((a, b) -> Long.compare(a.getValue().last - nanos, b.getValue().last - nanos))
                    .ifPresent(oldest -> edges.remove(oldest.getKey()));
        }
    }

    /** How much of each edge came of late; what was counted fades with each call. */
    synchronized Map<String, Double> weights(String family, long nanos) {
        Map<String, Seen> edges = families.getOrDefault(family, Map.of());
        edges.values().removeIf(seen -> nanos - seen.last > FORGET_NANOS);
        Map<String, Double> weights = new HashMap<>();
        edges.forEach((edge, seen) -> {
            seen.weight = Math.max(1e-3, seen.weight * KEEP);
            weights.put(edge, seen.weight);
        });
        return weights;
    }

    /** Parts of the whole. */
    static List<Share> shares(Map<String, Double> weights) {
        double sum = 0;
        for (double weight : weights.values()) {
            sum += weight;
        }
        List<Share> shares = new ArrayList<>();
        for (Map.Entry<String, Double> entry : weights.entrySet()) {
            shares.add(new Share(entry.getKey(), entry.getValue() / sum));
        }
        return shares;
    }
}
