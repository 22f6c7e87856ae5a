package io.tidemark.local.count;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EquationsTest {
    private final TreeMap<String, ChannelCounts> channels = new TreeMap<>();

    EquationsTest() {
        channels.put("frames", new ChannelCounts(11, 11, 11, 11, 0, 0, 0));
        channels.put("trades", new ChannelCounts(6, 6, 6, 6, 6, 6, 0));
        channels.put("quotes", new ChannelCounts(4, 4, 4, 4, 4, 3, 1));
        channels.put("bars-1s", new ChannelCounts(3, 3, 3, 3, 3, 3, 0));
        channels.put("sessions", new ChannelCounts(2, 2, 2, 2, 2, 2, 0));
    }

    @Test
    void aWholeRunAgrees() {
        Counts counts = counts(OptionalLong.of(10), 2, 15);
        assertTrue(Equations.agree(counts), failing(counts));
    }

    @Test
    void conflatedEventsAreMissingOnKafkaByRight() {
        channels.put("quotes", new ChannelCounts(4, 4, 4, 4, 4, 3, 0));
        assertEquals(
                "quotes: logged less conflated = identities on Kafka", failing(counts(OptionalLong.of(10), 2, 15)));
    }

    @Test
    void eachPlaceThatLosesAnEventIsNamed() {
        channels.put("trades", new ChannelCounts(6, 6, 6, 6, 5, 6, 0));
        assertEquals("trades: rows in lake/raw = rows in the sealed lake", failing(counts(OptionalLong.of(10), 2, 14)));
        channels.put("trades", new ChannelCounts(7, 6, 6, 6, 6, 6, 0));
        assertEquals("trades: decoded = logged", failing(counts(OptionalLong.of(10), 2, 15)));
    }

    @Test
    void framesThatTheExchangeSentAndNobodyReceivedAreSeen() {
        assertEquals("WebSocket frames emitted = received", failing(counts(OptionalLong.of(11), 2, 15)));
    }

    @Test
    void barsAndTheAnswerOfTheDriverCount() {
        assertEquals("bars in lake/raw (latest revision) = rows in bars", failing(counts(OptionalLong.of(10), 3, 15)));
        assertEquals(
                "rows in the sealed lake = answer of the JDBC driver", failing(counts(OptionalLong.of(10), 2, 14)));
    }

    @Test
    void nothingReceivedIsNoAgreement() {
        channels.clear();
        Counts counts =
                new Counts(OptionalLong.of(0), 0, 0, channels, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of(), List.of());
        assertFalse(Equations.agree(counts));
    }

    /** Two bars, three revisions. */
    private Counts counts(OptionalLong emitted, long barKeys, long answer) {
        return new Counts(emitted, 10, 10, channels, 20, 0, barKeys, 2, 2, 0, 5, 5, 3, answer, 0, List.of(), List.of());
    }

    private static String failing(Counts counts) {
        return String.join(
                "; ",
                Equations.of(counts).stream()
                        .filter(equation -> !equation.ok())
                        .map(Equation::name)
                        .toList());
    }
}
