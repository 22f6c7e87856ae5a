package io.tidemark.store.feedback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.proto.RateState;
import io.tidemark.store.feedback.RateController.Decision;
import io.tidemark.store.feedback.RateController.Measure;
import org.junit.jupiter.api.Test;

/** Driven by a clock of its own: seconds pass when the test says so. */
class RateControllerTest {
    private static final long SECOND = 1_000_000_000L;
    private static final double LEAST = 10;

    private final RateController controller = new RateController();
    private long now;

    private Decision after(long backlog, double arrival, double drain, boolean breakerOpen) {
        now += SECOND;
        return controller.decide(new Measure(now, backlog, arrival, drain, breakerOpen));
    }

    @Test
    void nothingToDoIsGreenWithoutALimit() {
        Decision decision = after(0, 0, 0, false);
        assertEquals(RateState.RATE_STATE_GREEN, decision.state());
        assertFalse(decision.limit().isPresent());
    }

    @Test
    void betweenOneAndTwoSecondsTheStateStays() {
        assertEquals(
                RateState.RATE_STATE_GREEN, after(1_500, 1_000, 1_000, false).state());
        assertEquals(
                RateState.RATE_STATE_AMBER, after(2_500, 1_000, 1_000, false).state());
        assertEquals(
                RateState.RATE_STATE_AMBER, after(1_500, 1_000, 1_000, false).state());
        assertEquals(RateState.RATE_STATE_GREEN, after(900, 1_000, 1_000, false).state());
    }

    @Test
    void amberGivesLessThanTheDrainAndMeltsTheBacklog() {
        Decision decision = after(3_000, 2_000, 1_000, false);
        assertEquals(RateState.RATE_STATE_AMBER, decision.state());
        assertEquals(0.95 * 1_000 - 3_000 / 30.0, decision.limit().getAsDouble(), 1e-9);
    }

    @Test
    void redHalvesTheDrainAndIsNeverZero() {
        assertEquals(500, after(20_000, 2_000, 1_000, false).limit().getAsDouble(), 1e-9);
        assertEquals(RateState.RATE_STATE_RED, after(7_000, 1_000, 1_000, false).state());
        assertEquals(
                RateState.RATE_STATE_AMBER, after(4_000, 1_000, 1_000, false).state());
        Decision open = after(10, 5, 0, true);
        assertEquals(RateState.RATE_STATE_RED, open.state());
        assertTrue(open.limit().getAsDouble() > 0);
        assertEquals(RateState.RATE_STATE_RED, after(10, 5, 0, false).state(), "a backlog that does not drain");
    }

    @Test
    void aLimitThatBindsIsRaisedByAQuarterEveryTenSecondsAndOneThatDoesNotIsLifted() {
        after(3_000, 2_000, 1_000, false);
        double limit = after(100, 850, 1_000, false).limit().getAsDouble();
        assertEquals(900, limit, 1e-9, "a return to GREEN begins near the best drain");
        int raises = 0;
        for (int second = 0; second < 30; second++) {
            Decision decision = after(100, limit, 1_000, false);
            double next = decision.limit().getAsDouble();
            if (next != limit) {
                assertEquals(1.25 * limit, next, 1e-9);
                raises++;
            }
            limit = next;
        }
        assertEquals(3, raises);
        Decision decision = after(0, 10, 10, false);
        for (int second = 0; second < 11; second++) {
            decision = after(0, 10, 10, false);
        }
        assertFalse(decision.limit().isPresent());
    }

    @Test
    void afterAnOutageTheOldSpeedIsBackWithinAMinuteAndTheLimitGoes() {
        for (int second = 0; second < 20; second++) {
            after(0, 60, 60, false);
        }
        double drain = 60;
        for (int second = 0; second < 40; second++) {
            drain *= 0.7;
            Decision red = after(60L * second + 10, 60, drain, true);
            assertEquals(RateState.RATE_STATE_RED, red.state());
            assertTrue(red.limit().getAsDouble() >= LEAST, red.toString());
        }
        Decision decision = after(0, 30, 60, false);
        assertEquals(RateState.RATE_STATE_GREEN, decision.state());
        assertTrue(decision.limit().getAsDouble() >= 50, decision.toString());
        for (int second = 0; second < 60 && decision.limit().isPresent(); second++) {
            decision = after(0, 30, 30, false);
        }
        assertFalse(decision.limit().isPresent());
    }

    @Test
    void withAWriterSlowerThanTheEdgeTheBacklogStaysBoundedAndTheLimitIsCalm() {
        double capacity = 1_000;
        double wanted = 3_000;
        double backlog = 0;
        double drain = 0;
        double limit = Double.POSITIVE_INFINITY;
        double direction = 0;
        int reversals = 0;
        double worst = 0;
        for (int second = 0; second < 600; second++) {
            double arrival = Math.min(wanted, limit);
            double written = Math.min(capacity, backlog + arrival);
            backlog += arrival - written;
            drain += 0.3 * (written - drain);
            Decision decision = after((long) backlog, arrival, drain, false);
            double next = decision.limit().orElse(Double.POSITIVE_INFINITY);
            double change = Double.isInfinite(next) && Double.isInfinite(limit) ? 0 : Math.signum(next - limit);
            if (change != 0 && direction != 0 && change != direction) {
                reversals++;
            }
            direction = change == 0 ? direction : change;
            limit = next;
            worst = second > 60 ? Math.max(worst, backlog) : worst;
        }
        assertTrue(worst < 6 * capacity, "backlog " + worst);
        assertTrue(reversals <= 40, "reversals " + reversals);
    }
}
