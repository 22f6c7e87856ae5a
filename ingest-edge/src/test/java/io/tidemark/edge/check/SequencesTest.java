package io.tidemark.edge.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SequencesTest {
    @Test
    void itIsTheSetThatWasAddedInAnyOrder() {
        long seed = Long.getLong("tidemark.seed", System.nanoTime());
        System.out.println("tidemark.seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            Sequences set = new Sequences();
            TreeSet<Long> expected = new TreeSet<>();
            long at = random.nextInt(5);
            for (int i = 0; i < 60; i++) {
                at = random.nextInt(4) == 0 ? random.nextInt(60) : at + 1;
                if (random.nextInt(12) == 0) {
                    long last = at + random.nextInt(4);
                    set.add(at, last);
                    for (long one = at; one <= last; one++) {
                        expected.add(one);
                    }
                } else {
                    assertEquals(expected.add(at), set.add(at));
                }
            }
            List<Long> found = new ArrayList<>();
            for (Sequences.Range range : set.ranges()) {
                for (long one = range.first(); one <= range.last(); one++) {
                    found.add(one);
                }
            }
            assertEquals(new ArrayList<>(expected), found);
            long missing =
                    set.holes().stream().mapToLong(Sequences.Range::count).sum();
            assertEquals(expected.last() + 1 - expected.size(), missing);
        }
    }
}
