package io.tidemark.edge.poll;

import java.time.Duration;

/**
 * One polled source as its settings want it.
 *
 * @param kind as in the settings
 * @param maxAnswer bytes
 */
public record PollPlan(
        String name,
        String kind,
        PollSource source,
        Duration interval,
        Duration timeout,
        int maxAnswer,
        String userAgent,
        double requestsPerSecond) {}
