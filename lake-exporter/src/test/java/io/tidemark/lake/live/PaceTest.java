package io.tidemark.lake.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.proto.RateState;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void aFewRecordsBehindIsNothingEspeciallyAtTheStart() {
        Pace pace = new Pace();
        assertEquals(RateState.RATE_STATE_GREEN, pace.decide(0, 500, 0, 0).state());
        Pace.Decision next = pace.decide(SECOND, 900, 500, 500);
        assertEquals(RateState.RATE_STATE_GREEN, next.state());
        assertTrue(next.limit().isEmpty());
    }

    @Test
    void aBacklogSlowsTheEdgesAndItsEndLetsThemGo() {
        Pace pace = new Pace();
        long end = 0;
        long next = 0;
        long nanos = 0;
        Pace.Decision last = pace.decide(nanos, end, next, 0);
        for (int i = 0; i < 60; i++) {
            nanos += SECOND;
            end += 2_000;
            next += 1_000;
            last = pace.decide(nanos, end, next, 1_000);
        }
        assertEquals(RateState.RATE_STATE_RED, last.state());
        double limit = last.limit().orElseThrow();
        assertTrue(limit > 0 && limit < 1_000, "limit " + limit);
        for (int i = 0; i < 120; i++) {
            nanos += SECOND;
            end += 100;
            next = Math.min(end, next + 1_000);
            last = pace.decide(nanos, end, next, 1_000);
        }
        assertEquals(RateState.RATE_STATE_GREEN, last.state());
        assertTrue(last.limit().isEmpty(), "lifted when it has not bound for long");
    }
}
