package io.tidemark.e2e.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.e2e.stack.DemoRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every process of a running demo is killed once by {@code kill -9}, at a moment and in an order that a seed
 * gives; the exchange is patient, so the counts must be equal to the frame.
 */
class KilledProcessIT {
    private static final long SEED = Long.getLong("tidemark.seed", System.nanoTime());

    @Test
    void everyProcessIsKilledOnceAndTheCountsStillAgree(@TempDir Path folder) {
        System.out.println("KilledProcessIT seed " + SEED);
        Random random = new Random(SEED);
        List<String> names = new ArrayList<>(
                List.of("edge", "store-writer", "lake-exporter", "sync-agent", "exchange", "broker", "database"));
        Collections.shuffle(names, random);
        try (DemoRun demo = DemoRun.start(
                folder, "--seconds", "30", "--speed", "1", "--seed", Long.toString(Math.floorMod(SEED, 1_000_000)))) {
            demo.await("the first frames", () -> demo.framesLogged() > 100);
            for (String name : names) {
                long seen = demo.framesLogged();
                long more = 20 + random.nextInt(150);
                int before = demo.starts(name);
                if (seen >= 0) {
                    demo.await("more frames", () -> demo.framesLogged() >= seen + more);
                }
                demo.kill(name);
                System.out.println("killed " + name + " after " + (seen + more) + " frames");
                demo.await(name + " to start again", () -> demo.starts(name) > before);
                demo.await("the edge to answer", () -> demo.framesLogged() >= 0);
            }
            JsonNode result = demo.result();
            assertEquals(0, demo.exitCode(), demo::said);
            assertTrue(result.path("agree").asBoolean(), demo::said);
            assertTrue(result.path("frames").asLong() > 1000, demo::said);
            assertEquals(List.of(), demo.stillRunning());
        }
    }
}
