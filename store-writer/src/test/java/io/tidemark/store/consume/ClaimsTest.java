package io.tidemark.store.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.store.consume.Claims.Verdict;
import io.tidemark.store.write.Partition;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClaimsTest {
    private static final Partition ONE = new Partition("tidemark.bars.v1", 1);

    private final Claims claims = new Claims();

    @Test
    void recordsAreTakenInOrderAndOlderOnesSkipped() {
        claims.claimed(ONE, 3, 100);
        assertEquals(Verdict.SKIP, claims.judge(ONE, 99));
        assertEquals(Verdict.TAKE, claims.judge(ONE, 100));
        assertEquals(Verdict.TAKE, claims.judge(ONE, 101));
        assertEquals(Verdict.SKIP, claims.judge(ONE, 100));
        assertEquals(102, claims.position(ONE));
    }

    @Test
    void recordsFetchedBeforeTheSeekAreNotTakenForTheNextOnes() {
        claims.claimed(ONE, 3, 100);
        assertEquals(Verdict.READ_AGAIN, claims.judge(ONE, 500));
        assertEquals(Verdict.READ_AGAIN, claims.judge(ONE, 501));
        assertEquals(Verdict.TAKE, claims.judge(ONE, 100));
        assertEquals(101, claims.position(ONE));
    }

    @Test
    void whatKafkaNoLongerHasIsPassedOnlyAfterASecondReading() {
        claims.claimed(ONE, 3, 100);
        assertEquals(Verdict.READ_AGAIN, claims.judge(ONE, 150));
        assertEquals(Verdict.READ_AGAIN, claims.judge(ONE, 151));
        assertEquals(Verdict.TAKE_AFTER_HOLE, claims.judge(ONE, 150));
        assertEquals(Verdict.TAKE, claims.judge(ONE, 151));
    }

    @Test
    void anAssignedPartitionWithoutAClaimShows() {
        assertFalse(claims.unclaimed());
        claims.assigned(ONE);
        assertTrue(claims.unclaimed());
        claims.claimed(ONE, 1, 0);
        assertFalse(claims.unclaimed());
        claims.released(ONE);
        assertTrue(claims.unclaimed());
        assertEquals(0, claims.epoch(ONE));
        claims.revoked(ONE);
        assertFalse(claims.unclaimed());
    }

    @Test
    void onlyTheHoldersOffsetsBecomeHints() {
        claims.claimed(ONE, 2, 0);
        claims.stored(ONE, 1, 50);
        assertNull(claims.takeStored());
        claims.stored(ONE, 2, 60);
        assertEquals(Map.of(ONE, 60L), claims.takeStored());
        assertNull(claims.takeStored());
    }
}
