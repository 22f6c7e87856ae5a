package io.tidemark.lake.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SequenceSetTest {
    @Test
    void anOrderlyStreamIsOneRange() {
        SequenceSet set = new SequenceSet();
        for (long i = 0; i < 1_000; i++) {
            assertTrue(set.add(i));
        }
        assertFalse(set.add(500));
        assertEquals(1, set.ranges());
    }

    @Test
    void itHoldsWhatASetHolds() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        SequenceSet set = new SequenceSet();
        Set<Long> expected = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            long first = random.nextInt(5_000);
            if (random.nextInt(10) == 0) {
                long last = first + random.nextInt(20);
                set.addRange(first, last);
                for (long s = first; s <= last; s++) {
                    expected.add(s);
                }
            } else {
                assertEquals(expected.add(first), set.add(first));
            }
        }
        for (long s = 0; s < 5_100; s++) {
            assertEquals(expected.contains(s), set.contains(s));
        }
        SequenceSet ends = new SequenceSet();
        ends.addRange(Long.MAX_VALUE - 1, Long.MAX_VALUE);
        assertTrue(ends.add(0));
        assertFalse(ends.add(Long.MAX_VALUE));
    }
}
