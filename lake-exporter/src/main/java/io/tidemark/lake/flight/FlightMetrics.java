package io.tidemark.lake.flight;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** What the endpoint counts. */
final class FlightMetrics {
    /** How a query ended. */
    enum Outcome {
        COMPLETE,
        CANCELLED,
        TIMED_OUT,
        TOO_MANY_ROWS,
        FAILED,
        TURNED_AWAY
    }

    private final MeterRegistry registry;
    private final Counter refused;
    private final Counter rows;
    private final Timer seconds;
    private final AtomicInteger running = new AtomicInteger();

    FlightMetrics(MeterRegistry registry) {
        this.registry = registry;
        refused = Counter.builder("lake.flight.refused")
                .description("Statements that were not allowed to run")
                .register(registry);
        rows = Counter.builder("lake.flight.rows")
                .description("Rows handed to the transport")
                .register(registry);
        seconds = Timer.builder("lake.flight.query")
                .description("From the start of a query to its last row")
                .register(registry);
        registry.gauge("lake.flight.running", running);
        for (Outcome outcome : Outcome.values()) {
            counter(outcome);
        }
    }

    /** Shows how many queries wait for their turn. */
    void watchQueue(Collection<?> waiting) {
        registry.gauge("lake.flight.waiting", waiting, Collection::size);
    }

    void refused() {
        refused.increment();
    }

    void rows(int count) {
        rows.increment(count);
    }

    void started() {
        running.incrementAndGet();
    }

    void ended(Outcome outcome, Duration took) {
        running.decrementAndGet();
        counter(outcome).increment();
        seconds.record(took);
    }

    void turnedAway() {
        counter(Outcome.TURNED_AWAY).increment();
    }

    private Counter counter(Outcome outcome) {
        return Counter.builder("lake.flight.queries")
                .description("Queries by how they ended")
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }
}
