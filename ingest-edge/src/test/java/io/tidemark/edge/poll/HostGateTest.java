package io.tidemark.edge.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostGateTest {
    private static final long SECOND = 1_000_000_000L;

    private final HostGate gate = new HostGate();

    @Test
    void requestsOfAllSourcesShareTheHostsPace() {
        gate.limit("data.sec.gov", 10);
        gate.limit("DATA.sec.gov", 4);
        gate.limit("other", 1);
        assertEquals(0, gate.reserve("data.sec.gov", 5 * SECOND));
        assertEquals(SECOND / 4, gate.reserve("data.sec.gov", 5 * SECOND));
        assertEquals(SECOND / 2, gate.reserve("data.sec.gov", 5 * SECOND));
        assertEquals(0, gate.reserve("other", 5 * SECOND));
        assertEquals(0, gate.reserve("data.sec.gov", 9 * SECOND));
    }

    @Test
    void aHostThatAskedForItIsLeftAloneByAll() {
        gate.limit("a", 2);
        assertEquals(0, gate.reserve("a", -SECOND));
        gate.close("a", Duration.ofSeconds(30), 0);
        gate.close("a", Duration.ofSeconds(5), 0);
        assertEquals(30 * SECOND, gate.closedFor("a", 0));
        assertEquals(29 * SECOND, gate.reserve("a", SECOND));
        assertEquals(29 * SECOND + SECOND / 2, gate.reserve("a", SECOND));
        assertEquals(0, gate.closedFor("a", 31 * SECOND));
        assertEquals(0, gate.reserve("a", 40 * SECOND));
        assertEquals(0, gate.closedFor("b", 0));
    }

    @Test
    void aSlowFamilyStretchesTheIntervalWithinBounds() {
        PollPace pace = new PollPace(Duration.ofSeconds(60), new Random(1));
        double none = Double.POSITIVE_INFINITY;
        assertEquals(Duration.ofSeconds(60), pace.stretched(none, 1_000));
        assertEquals(Duration.ofSeconds(100), pace.stretched(10, 1_000));
        assertEquals(Duration.ofSeconds(60), pace.stretched(1_000, 1_000));
        assertEquals(Duration.ofHours(1), pace.stretched(0.001, 1_000));
        assertEquals(Duration.ofSeconds(60), pace.stretched(0, 1_000));
        for (int i = 0; i < 1_000; i++) {
            long millis = pace.next(none, 0).toMillis();
            assertEquals(true, millis >= 60_000 && millis <= 63_000);
        }
    }
}
