package io.tidemark.contracts.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.segment.HourManifest.SegmentFile;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HourManifestTest {
    private static final Instant HOUR = Instant.parse("2024-08-08T23:00:00Z");

    private static SegmentFile file(String channel) {
        String path = "ws/" + channel
                + "/exchange=binance/symbol=BTC-USDT/year=2024/month=08/day=08/hour=23/23_0000000007.parquet";
        return new SegmentFile(path, "ab".repeat(32), 100, 10, "cd".repeat(32), -1, 2, 3, 4);
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        HourManifest manifest =
                new HourManifest("default", "pi-1", HOUR, 7, true, List.of(file("trades"), file("quotes")));
        HourManifest read = HourManifest.parse(manifest.toBytes());
        assertEquals(manifest, read);
        assertArrayEquals(manifest.toBytes(), read.toBytes());
        assertEquals("_manifest/20240808T23_0000000007.json", read.path());
        assertTrue(read.files().get(0).path().contains("/quotes/"), "files are sorted by path");
    }

    @Test
    void aChangedByteIsRefused() {
        byte[] bytes = new HourManifest("default", "pi-1", HOUR, 7, true, List.of(file("trades"))).toBytes();
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 1;
            assertThrows(IllegalArgumentException.class, () -> HourManifest.parse(damaged), "byte " + i);
        }
    }

    @Test
    void aMissingFieldIsNamed() {
        byte[] bytes = io.tidemark.contracts.json.SelfHash.seal(java.util.Map.of("version", 1, "tenant", "t"));
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> HourManifest.parse(bytes));
        assertTrue(String.valueOf(refused.getMessage()).contains("\"edge\""));
        assertTrue(new String(bytes, StandardCharsets.UTF_8).endsWith("}\n"));
    }

    @Test
    void aFileOfAnotherHourIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new HourManifest("default", "pi-1", HOUR.plusSeconds(3600), 7, true, List.of(file("trades"))));
    }
}
