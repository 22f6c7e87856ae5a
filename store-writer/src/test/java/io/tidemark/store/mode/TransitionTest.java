package io.tidemark.store.mode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TransitionTest {
    @Test
    void onlyNeighboursAreOneStepApart() {
        for (StoreMode from : StoreMode.values()) {
            for (StoreMode to : StoreMode.values()) {
                boolean neighbours = Math.abs(from.ordinal() - to.ordinal()) == 1;
                assertEquals(neighbours, Transition.between(from, to).isPresent(), from + " -> " + to);
            }
        }
    }

    @Test
    void theTruthMovesToTheOtherTableOnlyWithProof() {
        for (StoreMode from : StoreMode.values()) {
            for (Transition step : Transition.from(from)) {
                if (from.legacyIsPrimary() != step.to().legacyIsPrimary()) {
                    assertTrue(step.needsProof(), step.toString());
                }
            }
        }
        assertTrue(Transition.between(StoreMode.DUAL_PROVIDER, StoreMode.PROVIDER)
                .orElseThrow()
                .needsProof());
        assertFalse(Transition.between(StoreMode.LEGACY, StoreMode.DUAL_LEGACY)
                .orElseThrow()
                .needsProof());
    }

    @Test
    void onlyFaultsOfATableMayCauseAFailover() {
        for (String fault : new String[] {"42P01", "42703", "42501", "XX001", "XX002", "58P01"}) {
            assertTrue(Failover.isTableFault(fault), fault);
        }
        for (String other : new String[] {"", "08006", "40P01", "53100", "55P03", "57P01", "22003", "23514"}) {
            assertFalse(Failover.isTableFault(other), other);
        }
    }
}
