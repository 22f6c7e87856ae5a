package io.tidemark.store.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.store.migrate.FeedbackPace.State;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long a copy waits; nobody really sleeps here. */
class FeedbackPaceTest {
    private static final long SECOND = 1_000_000_000L;

    private final Deque<State> says = new ArrayDeque<>();
    private final List<Duration> slept = new ArrayList<>();

    private FeedbackPace pace(long rate) {
        return new FeedbackPace(() -> says.size() > 1 ? says.remove() : says.element(), rate, slept::add);
    }

    @Test
    void greenIsFullSpeedAndAmberHalf() throws InterruptedException {
        says.add(State.GREEN);
        pace(0).after(5_000, SECOND);
        assertEquals(List.of(), slept);
        says.add(State.AMBER);
        says.remove();
        pace(0).after(5_000, SECOND);
        assertEquals(List.of(Duration.ofSeconds(1)), slept);
    }

    @Test
    void redWaitsUntilItIsOver() throws InterruptedException {
        says.addAll(List.of(State.RED, State.RED, State.RED, State.GREEN));
        pace(0).after(5_000, SECOND);
        assertEquals(3, slept.size());
    }

    @Test
    void aRateIsKeptOnTopOfIt() throws InterruptedException {
        says.add(State.GREEN);
        pace(1_000).after(5_000, SECOND);
        assertEquals(List.of(Duration.ofSeconds(4)), slept);
    }
}
