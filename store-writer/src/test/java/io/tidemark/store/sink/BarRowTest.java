package io.tidemark.store.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.store.stack.Bars;
import io.tidemark.store.write.Inbound;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The rule that decides between two records of one bar is a total order, so every order of arrival ends alike. */
class BarRowTest {
    private static final InstantSource NOW = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

    private static BarRow row(boolean complete, long trades, long revision, String edge) {
        return new BarRow(
                "default",
                "binance",
                "BTC-USDT",
                "1s",
                Bars.AUGUST,
                "binance",
                null,
                null,
                null,
                Decimal38.of("1"),
                null,
                null,
                trades,
                revision,
                complete,
                false,
                edge,
                new Inbound(0, null, null));
    }

    @Test
    void completeWinsThenTradesThenRevisionThenTheSmallerEdge() {
        assertTrue(row(true, 1, 0, "b").replaces(row(false, 9, 9, "a")));
        assertTrue(row(true, 2, 0, "b").replaces(row(true, 1, 9, "a")));
        assertTrue(row(true, 2, 1, "b").replaces(row(true, 2, 0, "a")));
        assertTrue(row(true, 2, 1, "a").replaces(row(true, 2, 1, "b")));
        assertFalse(row(true, 2, 1, "a").replaces(row(true, 2, 1, "a")));
    }

    @Test
    void edgesAreComparedByTheirBytesAsTheDatabaseDoes() {
        // U+FFFD is above every UTF-16 surrogate, but below U+10000 in bytes.
        assertTrue(row(true, 1, 1, "\uFFFD").replaces(row(true, 1, 1, "\uD800\uDC00")));
    }

    @Test
    void everyOrderOfArrivalKeepsTheSameRecord() {
        long seed = System.nanoTime();
        System.out.println("BarRowTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<BarRow> rows = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                rows.add(row(random.nextBoolean(), random.nextInt(3), random.nextInt(3), "edge-" + random.nextInt(3)));
            }
            BarRow winner = last(rows);
            Collections.shuffle(rows, random);
            BarRow again = last(rows);
            assertFalse(again.replaces(winner) || winner.replaces(again), winner + " and " + again);
        }
    }

    private static BarRow last(List<BarRow> rows) {
        BarRow kept = rows.get(0);
        for (BarRow row : rows) {
            if (row.replaces(kept)) {
                kept = row;
            }
        }
        return kept;
    }

    @Test
    void ofEqualRecordsTheFirstStaysAndKeysComeSorted() {
        BarFamily bars = new BarFamily("default", "1m", NOW, new SimpleMeterRegistry());
        List<Inbound> records = new ArrayList<>();
        for (String symbol : List.of("ETH-USD", "BTC-USD", "ETH-USD", "ada-usd")) {
            Envelope bar = Bars.bar(symbol, Bars.AUGUST, "1").build();
            records.add(new Inbound(records.size(), null, bar.toByteArray()));
        }
        PreparedBars prepared = bars.prepare(records);
        assertEquals(
                List.of("BTC-USD", "ETH-USD", "ada-usd"),
                prepared.rows().stream().map(BarRow::symbol).toList());
        assertSame(records.get(0), prepared.rows().get(1).origin());
        assertEquals(4, prepared.edges().get("edge-1"));
    }
}
