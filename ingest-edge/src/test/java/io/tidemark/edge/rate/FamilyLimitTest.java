package io.tidemark.edge.rate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.proto.RateSignal;
import org.junit.jupiter.api.Test;

class FamilyLimitTest {
    private final FamilyLimit limit = new FamilyLimit(1, 60, 0, 0);

    private static RateSignal signal(String consumer, long epoch, long sequence, double rate) {
        return RateSignal.newBuilder()
                .setConsumer(consumer)
                .setEpoch(epoch)
                .setSequence(sequence)
                .setSuggestedRate(rate)
                .build();
    }

    private static RateSignal noLimit(String consumer, long epoch, long sequence) {
        return signal(consumer, epoch, sequence, 0).toBuilder()
                .clearSuggestedRate()
                .build();
    }

    @Test
    void theSmallestOfSeveralConsumersCounts() {
        assertTrue(limit.accept(signal("store", 1, 1, 500), 30, 0));
        assertTrue(limit.accept(signal("lake", 1, 1, 200), 30, 0));
        assertEquals(200, limit.limit(1));
        assertTrue(limit.accept(noLimit("lake", 1, 2), 30, 1));
        assertEquals(500, limit.limit(1));
    }

    @Test
    void whatIsOlderThanKnownIsIgnored() {
        assertTrue(limit.accept(signal("store", 2, 5, 500), 30, 0));
        assertFalse(limit.accept(signal("store", 2, 5, 1), 30, 0));
        assertFalse(limit.accept(signal("store", 1, 99, 1), 30, 0));
        assertTrue(limit.accept(signal("store", 3, 1, 400), 30, 0));
        assertEquals(400, limit.limit(0));
    }

    @Test
    void anEndedLeaseRampsBackAndIsLifted() {
        limit.accept(signal("store", 1, 1, 100), 30, 0);
        assertEquals(100, limit.limit(29.9));
        assertEquals(100, limit.limit(30), 0.001);
        assertEquals(100 * Math.sqrt(1000), limit.limit(60), 0.001);
        assertTrue(limit.isRamping(60));
        assertEquals(FamilyLimit.NONE, limit.limit(90));
        assertFalse(limit.isRamping(91));
    }

    @Test
    void aRenewedLeaseEndsTheRamp() {
        limit.accept(signal("store", 1, 1, 100), 30, 0);
        assertTrue(limit.limit(40) > 100);
        limit.accept(signal("store", 1, 2, 70), 30, 40);
        assertEquals(70, limit.limit(41));
    }

    @Test
    void noMoreThanTheLimitPassesInAnySecond() {
        limit.accept(signal("store", 1, 1, 50), 1000, 0);
        int passed = 0;
        for (int millis = 0; millis < 10_000; millis++) {
            passed += limit.tryAcquire(millis / 1000.0) ? 1 : 0;
        }
        assertEquals(500, passed, 6);
    }

    @Test
    void aRateOfZeroIsTheFloorNotAStop() {
        limit.accept(signal("store", 1, 1, 0), 1000, 0);
        assertEquals(1, limit.limit(0));
        int passed = 0;
        for (int i = 0; i <= 100; i++) {
            passed += limit.tryAcquire(i / 10.0) ? 1 : 0;
        }
        assertEquals(10, passed, 1);
    }
}
