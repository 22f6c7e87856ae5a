package io.tidemark.edge.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.contracts.event.Connector;
import io.tidemark.contracts.segment.Receipt;
import io.tidemark.contracts.segment.SegmentPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTiersTest {
    @TempDir
    Path folder;

    record Settings(double deleteAt, double thinAt, double stopAt, double hysteresis) implements DiskSettings {
        @Override
        public Duration checkInterval() {
            return Duration.ofSeconds(5);
        }
    }

    /** Of 10,000 bytes; what stands below ready/ counts. */
    private final class Disk implements DiskTiers.Disk {
        long others;

        @Override
        public long total() {
            return 10_000;
        }

        @Override
        public long usable() throws IOException {
            long used = others;
            Path ready = folder.resolve("raw/ready/ws");
            if (Files.exists(ready)) {
                try (var all = Files.walk(ready)) {
                    used += all.filter(Files::isRegularFile)
                            .mapToLong(file -> file.toFile().length())
                            .sum();
                }
            }
            return 10_000 - used;
        }
    }

    private final Disk disk = new Disk();
    private final List<String> told = new ArrayList<>();

    private DiskTiers tiers() {
        return new DiskTiers(
                folder,
                new Settings(80, 90, 95, 2),
                disk,
                (from, to, why) -> told.add(from.label() + " " + to.label()),
                new SimpleMeterRegistry());
    }

    private Path segment(long ordinal, boolean receipt) throws IOException {
        SegmentPath path = new SegmentPath(
                Connector.WS,
                "trades",
                "binance",
                "BTC-USDT",
                Instant.parse("2026-11-20T10:00:00Z"),
                ordinal,
                SegmentPath.PARQUET);
        Path ready = folder.resolve("raw/ready");
        Path file = ready.resolve(path.relative());
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[1000]);
        if (receipt) {
            Path place = ready.resolve(SegmentPath.receipt(path.relative()));
            Files.createDirectories(place.getParent());
            Files.write(
                    place,
                    new Receipt(
                                    path.relative(),
                                    1000,
                                    "0".repeat(64),
                                    Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS),
                                    "lake",
                                    "default",
                                    "pi",
                                    Instant.EPOCH)
                            .toBytes());
        }
        return file;
    }

    @Test
    void eachStepIsToldOnceAndTakenBackWithSlack() {
        DiskTiers tiers = tiers();
        for (long used :
                new long[] {5000, 7999, 8000, 8100, 7900, 9000, 8900, 9500, 9400, 9299, 8799, 7801, 7799, 9600, 100}) {
            disk.others = used;
            tiers.check();
            tiers.check();
        }
        assertEquals(
                List.of(
                        "normal deleting",
                        "deleting thinning",
                        "thinning stopped",
                        "stopped thinning",
                        "thinning deleting",
                        "deleting normal",
                        "normal stopped",
                        "stopped normal"),
                told);
    }

    @Test
    void onlyWhatHasAReceiptIsDeletedTheOldestFirstAndNoMoreThanNeeded() throws IOException {
        Path kept = segment(1, false);
        Path oldest = segment(2, true);
        Path next = segment(3, true);
        Path newest = segment(4, true);
        disk.others = 4500;
        DiskTiers tiers = tiers();
        tiers.check();
        assertEquals(Tier.NORMAL, tiers.tier());
        assertTrue(Files.exists(kept));
        assertFalse(Files.exists(oldest));
        assertTrue(Files.exists(next) && Files.exists(newest), "7,500 are used: enough");
        tiers.check();
        assertTrue(Files.exists(next) && Files.exists(newest));
    }

    @Test
    void aSegmentThatWasChangedSinceItsReceiptStays() throws IOException {
        Path file = segment(1, true);
        Files.write(file, new byte[999]);
        disk.others = 9000;
        tiers().check();
        assertTrue(Files.exists(file));
    }

    @Test
    void thresholdsThatDoNotRiseAreRefused() {
        assertEquals(List.of(), new Settings(80, 90, 95, 2).mistakes());
        assertEquals(1, new Settings(90, 80, 95, 2).mistakes().size());
        assertEquals(1, new Settings(80, 90, 100, 2).mistakes().size());
        assertEquals(1, new Settings(80, 90, 95, -1).mistakes().size());
    }
}
