package io.tidemark.lake.slice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class WindowTest {
    @Test
    void aTimeIsFlooredToItsInterval() {
        assertEquals(1_700_000_040_000L, Window.floorToInterval(1_700_000_040_000L, 60));
        assertEquals(1_700_000_040_000L, Window.floorToInterval(1_700_000_099_999L, 60));
        assertEquals(1_699_999_200_000L, Window.floorToInterval(1_700_000_040_000L, 3_600));
        assertEquals(-60_000, Window.floorToInterval(-1, 60));
    }

    @Test
    void aWindowIsHalfOpenAndHoldsTheAlertsOwnCandle() {
        assertEquals(
                new Window(1_700_000_040_000L - 3 * 60_000, 1_700_000_040_000L + 3 * 60_000),
                Window.computeWindowSlice(1_700_000_041_234L, 60, 3, 2));
        assertEquals(new Window(0, 60_000), Window.computeWindowSlice(59_999, 60, 0, 0));
    }

    @Test
    void rangesThatTouchOrOverlapBecomeOne() {
        assertEquals(
                List.of(new Range(0, 30), new Range(31, 40)),
                Range.union(List.of(new Range(0, 10), new Range(5, 8), new Range(10, 30), new Range(31, 40)), 0));
        assertEquals(List.of(new Range(0, 40)), Range.union(List.of(new Range(0, 30), new Range(31, 40)), 1));
    }

    @Test
    void aTimeframeHasItsSeconds() {
        assertEquals(
                List.of(1L, 300L, 14_400L, 86_400L, 604_800L),
                List.of("1s", "5m", "4h", "1d", "1w").stream()
                        .map(Timeframe::seconds)
                        .toList());
        assertThrows(IllegalArgumentException.class, () -> Timeframe.seconds("1y"));
    }
}
