package io.tidemark.edge.book;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.decimal.Decimal38;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BookSideTest {
    private final Decimal38 number = new Decimal38();
    private final Decimal38 scratch = new Decimal38();

    private static String spelled(BookSide side, int index) {
        LevelText text = new LevelText();
        text.level(side, index, ':');
        return text.toString();
    }

    /** Against a sorted map, with numbers of many scales, cut to a depth as some venues cut. */
    @Test
    void itHoldsWhatASortedMapHoldsAsSpelled() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (boolean asks : new boolean[] {true, false}) {
            BookSide side = new BookSide(asks, 100);
            TreeMap<BigDecimal, String> naive =
                    new TreeMap<>(asks ? Comparator.<BigDecimal>naturalOrder() : Comparator.<BigDecimal>reverseOrder());
            for (int i = 0; i < 20_000; i++) {
                String price = BigDecimal.valueOf(1 + random.nextInt(3000), random.nextInt(4))
                        .toPlainString();
                String size = random.nextInt(3) == 0
                        ? "0.000"
                        : BigDecimal.valueOf(1 + random.nextInt(100_000), random.nextInt(9))
                                .toPlainString();
                assertTrue(side.set(Decimal38.of(price), Decimal38.of(size), scratch));
                if (size.equals("0.000")) {
                    naive.remove(new BigDecimal(price));
                } else {
                    naive.remove(new BigDecimal(price));
                    naive.put(new BigDecimal(price), price + ":" + size);
                }
                side.truncate(100);
                while (naive.size() > 100) {
                    naive.pollLastEntry();
                }
                if (i % 50 == 0) {
                    same(naive, side, "seed " + seed + " at " + i);
                }
            }
        }
    }

    private void same(TreeMap<BigDecimal, String> naive, BookSide side, String where) {
        assertEquals(naive.size(), side.size(), where);
        int at = 0;
        for (Map.Entry<BigDecimal, String> level : naive.entrySet()) {
            assertEquals(level.getValue(), spelled(side, at), where);
            side.price(at++, number);
            assertEquals(0, number.toBigDecimal().compareTo(level.getKey()), where);
        }
    }

    @Test
    void aSizeWithManyZerosKeepsThem() {
        BookSide side = new BookSide(false, 10);
        assertTrue(side.set(Decimal38.of("0.00001200"), Decimal38.of("100000000000.00000000"), scratch));
        assertEquals("0.00001200:100000000000.00000000", spelled(side, 0));
        LevelText bare = new LevelText();
        bare.bareLevel(side, 0);
        assertEquals("120010000000000000000000", bare.toString());
    }

    @Test
    void zerosThatAVenueLeftOutAreAppended() {
        BookSide side = new BookSide(true, 10);
        assertTrue(side.set(Decimal38.of("0.567"), Decimal38.of("18097.1547"), scratch));
        LevelText bare = new LevelText();
        bare.bareLevel(side, 0, 4, 8);
        assertEquals("56701809715470000", bare.toString());
    }

    @Test
    void aChangeIsToldOfTheLevelsThatItTouches() {
        BookSide side = new BookSide(false, 100);
        for (int i = 1; i <= 50; i++) {
            assertTrue(side.set(Decimal38.of(i, 0), Decimal38.of(1, 0), scratch));
        }
        assertTrue(side.changedWithin(10));
        assertEquals(false, side.changedWithin(10));
        side.set(Decimal38.of(40, 0), Decimal38.of(2, 0), scratch);
        assertEquals(false, side.changedWithin(10), "the best ten are 41 to 50");
        side.set(Decimal38.of(41, 0), Decimal38.of(0, 0), scratch);
        assertTrue(side.changedWithin(10));
    }

    @Test
    void whatWasCutOffHereMakesItExhaustedWhenTheRestIsGone() {
        BookSide side = new BookSide(false, 10);
        for (int i = 1; i <= 200; i++) {
            assertTrue(side.set(Decimal38.of(i, 0), Decimal38.of(1, 0), scratch));
        }
        assertTrue(side.size() >= 10 && side.size() <= 42);
        for (int i = 200; i > 190; i--) {
            assertEquals(false, side.isExhausted());
            side.set(Decimal38.of(i, 0), Decimal38.of(0, 0), scratch);
        }
        for (int i = 190; i > 100; i--) {
            side.set(Decimal38.of(i, 0), Decimal38.of(0, 0), scratch);
        }
        assertTrue(side.isExhausted());
    }
}
