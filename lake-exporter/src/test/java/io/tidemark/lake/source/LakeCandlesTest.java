package io.tidemark.lake.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.contracts.files.read.StoredBar;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LakeCandlesTest {
    private static StoredBar bar(String edge, long trades, long revision, boolean complete) {
        return new StoredBar(edge, "bars-1m", "x", "A-B", "1m", 0, List.of(), trades, revision, complete);
    }

    @Test
    void ofTwoRecordsOfABarTheContractsRuleChooses() {
        // From the worst to the best.
        List<StoredBar> ranked = List.of(
                bar("pi-2", 900, 9, false),
                bar("pi-1", 5, 9, true),
                bar("pi-1", 7, 0, true),
                bar("pi-2", 7, 1, true),
                bar("pi-1", 7, 1, true));
        List<StoredBar> shuffled = new ArrayList<>(ranked);
        Collections.shuffle(shuffled, new Random(5));
        shuffled.sort(LakeCandles.BETTER);
        assertEquals(ranked, shuffled);
    }
}
