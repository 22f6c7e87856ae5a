package io.tidemark.sync.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.sync.loop.SyncPlan;
import io.tidemark.sync.retention.DeleteAfter;
import io.tidemark.sync.transfer.Bandwidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsLoaderTest {
    private static final Map<String, String> NEEDED =
            Map.of("sync.source", "/data/ready", "sync.target", "/lake", "sync.edge", "pi-1");

    @Test
    void everythingElseHasADefault() {
        SyncPlan plan = SettingsLoader.load(NEEDED);
        assertEquals(Path.of("/data/ready"), plan.source());
        assertEquals(Path.of("/lake"), plan.lakeRoot());
        assertEquals("pi-1", plan.edge());
        assertEquals("default", plan.tenant());
        assertEquals(Duration.ofSeconds(300), plan.interval());
        assertEquals("**/*", plan.selection().pattern().toString());
        assertTrue(plan.selection().includeRaw());
        assertEquals(2, plan.parallel());
        assertEquals(Bandwidth.UNLIMITED, plan.bandwidth());
        assertEquals(3, plan.retry().times());
        assertEquals(Duration.ofSeconds(1), plan.retry().delay());
        assertEquals(Duration.ofSeconds(60), plan.lockWait());
        assertEquals(DeleteAfter.KEEP, plan.deleteAfter());
    }

    @Test
    void everySettingIsObeyed() {
        SyncPlan plan = SettingsLoader.load(with(Map.of(
                "sync.tenant", "desk",
                "sync.interval", "10s",
                "sync.pattern", "ws/**",
                "sync.include-raw", "false",
                "sync.parallel", "8",
                "sync.bandwidth", "10M",
                "sync.retries", "0",
                "sync.retry-delay", "250ms",
                "sync.lock-wait", "0s",
                "sync.delete-after", "48h")));
        assertEquals("desk", plan.tenant());
        assertEquals(Duration.ofSeconds(10), plan.interval());
        assertEquals("ws/**", plan.selection().pattern().toString());
        assertEquals(false, plan.selection().includeRaw());
        assertEquals(8, plan.parallel());
        assertEquals(10L << 20, plan.bandwidth().bytesPerSecond());
        assertEquals(0, plan.retry().times());
        assertEquals(Duration.ofMillis(250), plan.retry().delay());
        assertEquals(Duration.ZERO, plan.lockWait());
        assertEquals(Duration.ofHours(48), plan.deleteAfter().grace().orElseThrow());
    }

    @Test
    void everyMistakeIsListedOnceWithItsName() {
        List<String> lines = mistakes(Map.of(
                "sync.source", "s3://bucket/x",
                "sync.paralel", "3",
                "sync.parallel", "many",
                "sync.bandwidth", "3Q",
                "sync.delete-after", "soon",
                "sync.interval", "often",
                "sync.include-raw", "perhaps",
                "sync.retries", "-1",
                "sync.pattern", "{a"));
        for (String name : new String[] {
            "sync.source",
            "sync.target",
            "sync.edge",
            "sync.paralel",
            "sync.parallel",
            "sync.bandwidth",
            "sync.delete-after",
            "sync.interval",
            "sync.include-raw",
            "sync.retries",
            "sync.pattern"
        }) {
            assertEquals(
                    1,
                    lines.stream().filter(line -> line.startsWith(name + ": ")).count(),
                    name + " in " + lines);
        }
        assertEquals(11, lines.size(), lines.toString());
        assertTrue(lines.stream().noneMatch(line -> line.contains("Exception")), lines.toString());
    }

    @Test
    void sourceAndTargetMustNotOverlap(@TempDir Path dir) throws IOException {
        Path ready = Files.createDirectories(dir.resolve("ready"));
        Path link = Files.createSymbolicLink(dir.resolve("link"), ready);
        for (Path target : List.of(ready, ready.resolve("lake"), dir, link, link.resolve("not/there/yet"))) {
            Map<String, String> settings =
                    with(Map.of("sync.source", ready.toString(), "sync.target", target.toString()));
            List<String> lines = assertThrows(SyncPlan.Mistakes.class, () -> SettingsLoader.load(settings))
                    .lines();
            assertTrue(lines.get(0).contains("overlap"), lines.toString());
        }
        SettingsLoader.load(with(Map.of(
                "sync.source",
                ready.toString(),
                "sync.target",
                dir.resolve("lake").toString())));
    }

    private static List<String> mistakes(Map<String, String> settings) {
        return assertThrows(SyncPlan.Mistakes.class, () -> SettingsLoader.load(settings))
                .lines();
    }

    private static Map<String, String> with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(NEEDED);
        all.putAll(more);
        return all;
    }
}
