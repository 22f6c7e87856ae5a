package io.tidemark.lake.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.lake.LakeFile.StreamRange;
import io.tidemark.contracts.lake.LakeManifest;
import io.tidemark.contracts.lake.LakeManifest.RawInput;
import io.tidemark.contracts.lake.LakePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedLakeTest {
    @TempDir
    Path root;

    private static LakeFile file(String symbol, Instant hour, String channel, long first) {
        String path = LakePath.eventHour("binance", symbol, hour) + "/1723154400000000000_pi-1_1_" + channel + "_"
                + first + ".parquet";
        return new LakeFile(
                path,
                "binance",
                symbol,
                hour,
                "ab".repeat(32),
                10,
                5,
                "cd".repeat(32),
                1,
                2,
                List.of(new StreamRange("pi-1", 1, channel, first, first + 4, 5)));
    }

    private LakeManifest commit(LakeFile... files) throws IOException {
        try (LakeLock lock = LakeLock.take(root, Duration.ofSeconds(5))) {
            return new ManifestSeal(root, "default")
                    .commit(List.of(files), List.of(new RawInput("pi-1", "p", "00", 3, 5, true)), 2, Map.of("a", "1"));
        }
    }

    @Test
    void anEmptyLakeHasGenerationZero() throws IOException {
        SealedLake lake = new SealedLake(root.resolve("nothing"));
        assertEquals(0, lake.current().generation());
        assertFalse(lake.isStale());
    }

    @Test
    void aReaderKeepsUpWithCommitsAndOtherwiseKeepsItsState() throws IOException {
        Instant hour = Instant.parse("2024-08-08T22:00:00Z");
        SealedLake lake = new SealedLake(root);
        lake.current();
        commit(file("BTC-USDT", hour, "trades", 0));
        assertTrue(lake.isStale());
        SealedState one = lake.current();
        assertEquals(1, one.generation());
        assertSame(one, lake.current());
        commit(file("BTC-USDT", hour, "quotes", 0), file("ETH-USDT", hour.plusSeconds(3600), "trades", 0));
        SealedState two = lake.current();
        assertEquals(2, two.generation());
        assertEquals(3, two.files().size());
        assertEquals(15, two.rows());
        assertEquals(2, two.files("binance", "BTC-USDT").size());
        assertEquals(1, two.files("binance", "BTC-USDT", hour, "quotes").size());
        assertEquals(1, one.files().size(), "a state once read does not change");
        assertEquals(two, new SealedLake(root).current());
    }

    @Test
    void aManifestIsReadAsItWasWritten() throws IOException {
        LakeManifest written = commit(file("BTC-USDT", Instant.parse("2024-08-08T22:00:00Z"), "trades", 0));
        byte[] bytes = Files.readAllBytes(root.resolve(LakePath.EVENT_MANIFESTS).resolve("0000000001.json"));
        assertEquals(written, LakeManifest.parse(bytes));
        assertEquals(written.hash(), new SealedLake(root).current().hash());
    }

    @Test
    void aGenerationIsNeverWrittenOver() throws IOException {
        Instant hour = Instant.parse("2024-08-08T22:00:00Z");
        ManifestSeal early = new ManifestSeal(root, "default");
        commit(file("BTC-USDT", hour, "trades", 0));
        assertThrows(
                DamagedLakeException.class,
                () -> early.commit(List.of(file("BTC-USDT", hour, "quotes", 0)), List.of(), 0, Map.of()));
        assertEquals(1, new SealedLake(root).current().files().size());
    }

    @Test
    void theSameFileIsNotAddedTwice() throws IOException {
        LakeFile file = file("BTC-USDT", Instant.parse("2024-08-08T22:00:00Z"), "trades", 0);
        commit(file);
        assertThrows(IllegalArgumentException.class, () -> commit(file));
    }
}
