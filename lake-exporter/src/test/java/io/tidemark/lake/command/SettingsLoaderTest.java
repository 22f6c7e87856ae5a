package io.tidemark.lake.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.files.write.WriteOptions.Codec;
import io.tidemark.lake.command.SettingsLoader.Mistakes;
import io.tidemark.lake.run.LakeSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsLoaderTest {
    @Test
    void everyDefaultIsAsDocumented() {
        LakeSettings settings = SettingsLoader.load(Map.of("lake.root", "r"));
        assertEquals("default", settings.tenant());
        assertEquals(Optional.empty(), settings.edges());
        assertEquals(256, settings.events().maxFileSizeMb());
        assertEquals(5_000, settings.events().batchSize());
        assertEquals(Codec.ZSTD, settings.events().compression());
        assertEquals(3, settings.events().compressionLevel());
        assertEquals(8 << 20, settings.events().rowGroupSize());
        assertEquals(500L << 20, settings.events().memoryLimit().asLongValue());
        assertEquals(2, settings.events().workers());
        assertEquals(Duration.ZERO, settings.seal().interval());
        assertEquals(Duration.ofSeconds(30), settings.seal().lockWait());
        assertTrue(settings.limits().memory() <= Runtime.getRuntime().maxMemory() / 3);
    }

    @Test
    void namesAreThoseOfTheFile() {
        LakeSettings settings = SettingsLoader.load(Map.of(
                "lake.root", "r",
                "lake.tenant", "t",
                "lake.edges", "pi-1,pi-2",
                "lake.events.max-file-size-mb", "64",
                "lake.events.compression", "snappy",
                "lake.seal.interval", "10m"));
        assertEquals("t", settings.tenant());
        assertEquals(Optional.of(List.of("pi-1", "pi-2")), settings.edges());
        assertEquals(64L << 20, settings.limits().layout().maxFileBytes());
        assertEquals(Codec.SNAPPY, settings.events().compression());
        assertEquals(Duration.ofMinutes(10), settings.seal().interval());
    }

    @Test
    void allMistakesAreListedTogether() {
        Mistakes mistakes = assertThrows(
                Mistakes.class,
                () -> SettingsLoader.load(Map.of(
                        "lake.events.max-file-size-mb", "0",
                        "lake.events.compression", "lz4",
                        "lake.events.compression-level", "23",
                        "lake.events.batch-size", "many",
                        "lake.events.row-group-size", "1K",
                        "lake.typo", "1")));
        assertEquals("""
                lake.events.batch-size: "many" is no whole number
                lake.events.compression-level: it must be 1 to 22, not 23
                lake.events.compression: unknown compression "lz4" (zstd or snappy)
                lake.events.max-file-size-mb: it must be 1 to 16384, not 0
                lake.events.row-group-size: it must be 64K to 1G, not 1K
                lake.root: is not set, and has no default
                lake.typo: there is no such setting""", mistakes.getMessage());
    }
}
