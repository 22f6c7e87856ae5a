package io.tidemark.local.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.local.supervise.StackFailure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsFileTest {
    @Test
    void dottedNamesBecomeATree() {
        assertEquals(
                """
                # Written by ./tidemark at each start.
                edge:
                  feeds:
                    binance:
                      streams: "trade,depth@100ms"
                      venue: binance
                  name: demo
                quarkus:
                  http:
                    port: "8081"
                """,
                SettingsFile.yaml(Map.of(
                        "quarkus.http.port", "8081",
                        "edge.name", "demo",
                        "edge.feeds.binance.venue", "binance",
                        "edge.feeds.binance.streams", "trade,depth@100ms")));
    }

    @Test
    void valuesThatYamlWouldReadAsSomethingElseAreQuoted() {
        assertTrue(SettingsFile.yaml(Map.of("a", "no")).contains("\"a\": \"no\""));
        assertTrue(SettingsFile.yaml(Map.of("ab", "x: #y\n\"z\"")).contains("ab: \"x: #y\\n\\\"z\\\"\""));
    }

    @Test
    void aValueAndATreeOfTheSameNameContradictEachOther() {
        assertThrows(StackFailure.class, () -> SettingsFile.yaml(Map.of("ab", "1", "ab.cd", "2")));
    }

    @Test
    void settingsByHandNameAServiceAndAllMistakesAreListed() {
        assertEquals(
                Map.of("edge.bars.intervals", "1s,5m", "lake.root", "x=y"),
                StackPlan.overrides(List.of("edge.bars.intervals=1s,5m", "lake.root=x=y")));
        StackFailure failure =
                assertThrows(StackFailure.class, () -> StackPlan.overrides(List.of("edge.name", "mars.colour=red")));
        assertTrue(failure.getMessage().contains("edge.name"), failure.getMessage());
        assertTrue(failure.getMessage().contains("mars.colour"), failure.getMessage());
    }
}
