package io.tidemark.lake.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.files.DamagedFileException;
import io.tidemark.contracts.files.schema.RowHash;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.segment.SegmentPath;
import io.tidemark.lake.events.TimeRange;
import io.tidemark.lake.manifest.DamagedLakeException;
import io.tidemark.lake.manifest.LakeLock;
import io.tidemark.lake.run.Checkpoints.Step;
import io.tidemark.lake.run.ExportRequest.OnDamaged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExportRunTest {
    @TempDir
    Path root;

    @Test
    void everyEventButFramesIsInItsEventHourOnce() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        raw.smallDay(500);
        ExportReport report = Lakes.export(root, "pi-1");
        assertTrue(report.sealed());
        assertEquals(1, report.generation());
        assertEquals(raw.sealable().size(), report.rows());
        assertEquals(report.rows(), report.inputRows());
        Lakes.assertHolds(root, raw.sealable());
        // The bar before midnight and the trades received just before the hour lie in other hours than their segments.
        assertEquals(4, Lakes.state(root).files("binance", "BTC-USDT").size());
    }

    @Test
    void theRowsHashesOfRawAndLakeAddUpToTheSame() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        raw.smallDay(200);
        raw.completeHours(9);
        Lakes.export(root, "pi-1");
        RowHash lake = new RowHash();
        for (LakeFile file : Lakes.state(root).files()) {
            lake.add(file.rowHash());
        }
        RowHash sum = new RowHash();
        io.tidemark.contracts.files.schema.EventRows rows = new io.tidemark.contracts.files.schema.EventRows();
        io.tidemark.contracts.files.schema.Row row = new io.tidemark.contracts.files.schema.Row();
        for (Envelope event : raw.sealable()) {
            rows.read(event, row);
            sum.add(row);
        }
        assertEquals(sum.hex(), lake.hex());
    }

    @Test
    void segmentsOfEitherFormGiveTheSameBytes(@TempDir Path other) throws IOException {
        RawFolder parquet = new RawFolder(root, "pi-1");
        parquet.smallDay(200);
        Lakes.export(root, "pi-1");
        RawFolder ndjson = new RawFolder(other, "pi-1", SegmentPath.NDJSON);
        ndjson.smallDay(200);
        ndjson.completeHours(9);
        ExportReport report = new ExportRun(other, RawFolder.TENANT, Lakes.limits(), ExportProgress.SILENT)
                .run(new ExportRequest(List.of("pi-1"), false, TimeRange.ALL, OnDamaged.REFUSE, false));
        assertEquals(ndjson.sealable().size(), report.rows());
        assertEquals(parquetFiles(root), parquetFiles(other));
    }

    @Test
    void aDamagedNdjsonSegmentIsNamedAndNothingOfItIsTaken() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1", SegmentPath.NDJSON);
        List<Envelope> trades = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            trades.add(raw.trade("BTC-USDT", 1, i, RawFolder.START + i));
        }
        Path file = raw.segment(1, trades);
        byte[] bytes = Files.readAllBytes(file);
        for (int at : new int[] {10, bytes.length / 2, bytes.length - 3}) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 4;
            Files.write(file, damaged);
            DamagedFileException named = assertThrows(DamagedFileException.class, () -> Lakes.export(root, "pi-1"));
            assertTrue(String.valueOf(named.getMessage()).contains(file.toString()), named.getMessage());
            assertEquals(0, Lakes.state(root).generation());
        }
        Files.write(file, bytes);
        assertEquals(100, Lakes.export(root, "pi-1").rows());
    }

    private static Map<String, String> parquetFiles(Path root) throws IOException {
        Map<String, String> files = new TreeMap<>(Lakes.contents(Lakes.events(root)));
        files.keySet().removeIf(name -> !name.endsWith(".parquet"));
        return files;
    }

    @Test
    void aRepeatSealsNothingNew() throws IOException {
        new RawFolder(root, "pi-1").smallDay(50);
        Lakes.export(root, "pi-1");
        Map<String, String> before = Lakes.contents(Lakes.events(root));
        ExportReport again = Lakes.export(root, "pi-1");
        assertFalse(again.sealed());
        assertEquals(1, again.generation());
        assertTrue(again.consumedBefore() > 0);
        assertEquals(before, Lakes.contents(Lakes.events(root)));
    }

    @Test
    void lateEventsLandInTheirOwnHourAsANewGeneration() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        raw.smallDay(50);
        Lakes.export(root, "pi-1");
        List<Envelope> late = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            // Received a day later, and not in the order of their times.
            late.add(raw.trade("BTC-USDT", 1, 100 + i, RawFolder.START + 24 * RawFolder.HOUR + i).toBuilder()
                    .setExchangeTime(RawFolder.START + (37L * i % 20) * 1_000_000_000L)
                    .build());
        }
        raw.segment(7, late);
        ExportReport report = Lakes.export(root, "pi-1");
        assertEquals(2, report.generation());
        assertEquals(20, report.rows());
        assertEquals(1, report.hours());
        Lakes.assertHolds(root, raw.sealable());
    }

    @Test
    void repeatsWithinARunAndAgainstTheLakeAreLeftOut() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        List<Envelope> trades = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            trades.add(raw.trade("BTC-USDT", 1, i, RawFolder.START + i * 1_000_000L));
        }
        raw.segment(1, trades.subList(0, 60));
        raw.segment(2, trades.subList(40, 80));
        ExportReport first = Lakes.export(root, "pi-1");
        assertEquals(80, first.rows());
        assertEquals(20, first.repeats());
        raw.segment(3, trades.subList(50, 100));
        ExportReport second = Lakes.export(root, "pi-1");
        assertEquals(20, second.rows());
        assertEquals(30, second.repeats());
        Lakes.assertHolds(root, trades);
    }

    @Test
    void aRepeatIsFoundAlsoWhereTheLakesRangesHaveHoles() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        List<Envelope> even = new ArrayList<>();
        List<Envelope> odd = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            (i % 2 == 0 ? even : odd).add(raw.trade("BTC-USDT", 1, i, RawFolder.START + i * 1_000_000L));
        }
        raw.segment(1, even);
        Lakes.export(root, "pi-1");
        List<Envelope> both = new ArrayList<>(odd);
        both.addAll(even);
        raw.segment(2, both);
        ExportReport second = Lakes.export(root, "pi-1");
        assertEquals(50, second.rows());
        assertEquals(50, second.repeats());
        Lakes.assertHolds(root, both);
    }

    @Test
    void theSameInputGivesTheSameBytesWhateverTheMeans(@TempDir Path other) throws IOException {
        new RawFolder(root, "pi-1").smallDay(2_000);
        new RawFolder(other, "pi-1").smallDay(2_000);
        new ExportRun(root, RawFolder.TENANT, Lakes.limits(4, 64 << 20), ExportProgress.SILENT)
                .run(Lakes.request("pi-1"));
        new ExportRun(other, RawFolder.TENANT, Lakes.limits(1, 20_000), ExportProgress.SILENT)
                .run(Lakes.request("pi-1"));
        assertEquals(Lakes.contents(Lakes.events(root)), Lakes.contents(Lakes.events(other)));
    }

    @Test
    void aFileIsSplitAtItsSizeAndKeepsTheOrder() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        raw.smallDay(3_000);
        ExportLimits base = Lakes.limits();
        ExportLimits small = new ExportLimits(
                2,
                base.memory(),
                base.lockWait(),
                new io.tidemark.lake.parquet.LakeFileWriter.Layout(base.layout().options(), 16 << 10, 100));
        ExportReport report =
                new ExportRun(root, RawFolder.TENANT, small, ExportProgress.SILENT).run(Lakes.request("pi-1"));
        assertTrue(report.files() > report.hours() + 4, report.sentence());
        Lakes.assertHolds(root, raw.sealable());
    }

    @Test
    void onlyCompleteHoursAreTakenUnlessAsked() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        raw.segment(1, List.of(raw.trade("BTC-USDT", 1, 0, RawFolder.START)));
        raw.completeHours(1);
        raw.segment(2, List.of(raw.trade("BTC-USDT", 1, 1, RawFolder.START + RawFolder.HOUR)));
        ExportRequest complete = new ExportRequest(List.of("pi-1"), false, TimeRange.ALL, OnDamaged.REFUSE, false);
        ExportRun run = new ExportRun(root, RawFolder.TENANT, Lakes.limits(), ExportProgress.SILENT);
        ExportReport report = run.run(complete);
        assertEquals(1, report.rows());
        assertEquals(1, report.incomplete());
        assertEquals(1, Lakes.export(root, "pi-1").rows());
    }

    @Test
    void anHourWhoseFilesAreNotAllHereIsNotComplete() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        raw.segment(1, List.of(raw.trade("BTC-USDT", 1, 0, RawFolder.START)));
        Path absent = raw.segment(1, List.of(raw.quote("BTC-USDT", 1, 0, RawFolder.START)));
        Path frames = raw.segment(1, List.of(raw.frame(0, RawFolder.START)));
        raw.completeHours(1);
        Files.delete(frames);
        byte[] bytes = Files.readAllBytes(absent);
        Files.delete(absent);
        ExportRequest complete = new ExportRequest(List.of("pi-1"), false, TimeRange.ALL, OnDamaged.REFUSE, false);
        ExportRun run = new ExportRun(root, RawFolder.TENANT, Lakes.limits(), ExportProgress.SILENT);
        ExportReport report = run.run(complete);
        assertFalse(report.sealed());
        assertTrue(report.notes().get(0).contains("/quotes/"), report.notes().toString());
        Files.write(absent, bytes);
        assertEquals(2, run.run(complete).rows());
    }

    @Test
    void aRangeIsTakenAloneAndTheRestLater() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        raw.smallDay(100);
        Instant middle = Instant.ofEpochSecond(0, RawFolder.START).plusSeconds(1_800);
        ExportRequest early = new ExportRequest(
                List.of("pi-1"), true, TimeRange.of(Optional.empty(), Optional.of(middle)), OnDamaged.REFUSE, false);
        ExportRun run = new ExportRun(root, RawFolder.TENANT, Lakes.limits(), ExportProgress.SILENT);
        ExportReport first = run.run(early);
        assertTrue(first.outside() > 0 && first.rows() > 0);
        ExportReport again = run.run(early);
        assertFalse(again.sealed(), "nothing of the range is new");
        ExportReport rest = Lakes.export(root, "pi-1");
        assertEquals(raw.sealable().size(), first.rows() + rest.rows());
        Lakes.assertHolds(root, raw.sealable());
        assertFalse(Lakes.export(root, "pi-1").sealed());
    }

    @Test
    void aDamagedInputRefusesTheRunByNameAndLeavesNothing() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        raw.smallDay(100);
        Path damaged = raw.segment(9, List.of(raw.trade("BTC-USDT", 2, 0, RawFolder.START)));
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[60] ^= 4;
        Files.write(damaged, bytes);
        DamagedFileException refused = assertThrows(DamagedFileException.class, () -> Lakes.export(root, "pi-1"));
        assertTrue(String.valueOf(refused.getMessage()).contains(damaged.toString()));
        assertEquals(Map.of(), Lakes.contents(Lakes.events(root)));
        ExportReport skipped = new ExportRun(root, RawFolder.TENANT, Lakes.limits(), ExportProgress.SILENT)
                .run(new ExportRequest(List.of("pi-1"), true, TimeRange.ALL, OnDamaged.SKIP, false));
        assertEquals(1, skipped.damaged().size());
        assertEquals(raw.sealable().size() - 1, skipped.rows());
    }

    @Test
    void aFileThatIsNotTheManifestsIsDamaged() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        Path file = raw.segment(1, List.of(raw.trade("BTC-USDT", 1, 0, RawFolder.START)));
        raw.completeHours(1);
        raw.segment(1, List.of(raw.trade("BTC-USDT", 1, 1, RawFolder.START)));
        DamagedFileException refused = assertThrows(DamagedFileException.class, () -> Lakes.export(root, "pi-1"));
        assertTrue(String.valueOf(refused.getMessage()).contains("SHA-256"));
        assertTrue(Files.exists(file));
    }

    @Test
    void anEventInAnotherStreamsFileIsDamage() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        raw.segment(
                1, List.of(raw.trade("BTC-USDT", 1, 0, RawFolder.START), raw.trade("ETH-USDT", 1, 0, RawFolder.START)));
        assertThrows(DamagedFileException.class, () -> Lakes.export(root, "pi-1"));
        assertEquals(Map.of(), Lakes.contents(Lakes.events(root)));
    }

    @Test
    void anUnknownEdgeIsRefused() {
        IOException refused = assertThrows(IOException.class, () -> Lakes.export(root, "nobody"));
        assertTrue(String.valueOf(refused.getMessage()).contains("\"nobody\""));
    }

    /** Thrown where a test stops an export; the lake must be as before or as after. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void aFailureAfterAnyStepLeavesTheOldStateOrTheNew(Step step) throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        raw.smallDay(100);
        ExportRun failing = new ExportRun(root, RawFolder.TENANT, Lakes.limits(), ExportProgress.SILENT, reached -> {
            if (reached == step) {
                throw new Stopped();
            }
        });
        assertThrows(Stopped.class, () -> failing.run(Lakes.request("pi-1")));
        Map<String, String> left = new TreeMap<>(Lakes.contents(Lakes.events(root)));
        if (step == Step.COMMITTED) {
            assertEquals(1, Lakes.state(root).generation());
        } else {
            assertEquals(Map.of(), left);
        }
        Lakes.export(root, "pi-1");
        Lakes.assertHolds(root, raw.sealable());
        assertEquals(1, Lakes.state(root).generation());
        assertEquals(
                List.of(),
                LakeCheck.check(root, RawFolder.TENANT, true, ExportProgress.SILENT)
                        .problems());
    }

    @Test
    void leftoversOfAKilledExportAreRemovedAndForeignFilesAreNot() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        raw.smallDay(50);
        Lakes.export(root, "pi-1");
        LakeFile sealed = Lakes.state(root).files().iterator().next();
        Path hour = Lakes.tenant(root).resolve(sealed.path()).resolveSibling(".");
        Path unsealed = hour.resolve("1723154400000000000_pi-1_1_trades_77.parquet");
        Files.copy(hour.resolve(sealed.path().substring(sealed.path().lastIndexOf('/') + 1)), unsealed);
        Path temporary = Files.writeString(hour.resolve(".x.parquet.tmp"), "half");
        Path work = Files.createDirectories(Lakes.events(root).resolve(".work")).resolve("sort-0-0.run");
        Files.writeString(work, "run");
        Path foreign = Files.writeString(hour.resolve("notes.txt"), "mine");
        ExportReport report = Lakes.export(root, "pi-1");
        assertEquals(3, report.leftovers());
        assertFalse(Files.exists(unsealed) || Files.exists(temporary) || Files.exists(work));
        assertTrue(Files.exists(foreign));
        Lakes.assertHolds(root, raw.sealable());
    }

    @Test
    void twoExportsAtATimeSealEachEventOnce() throws Exception {
        RawFolder one = new RawFolder(root, "pi-1");
        RawFolder two = new RawFolder(root, "pi-2");
        one.smallDay(300);
        two.smallDay(300);
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String[] edges = i % 2 == 0 ? new String[] {"pi-1", "pi-2"} : new String[] {"pi-2"};
            Thread thread = new Thread(() -> {
                try {
                    Lakes.export(root, edges);
                } catch (IOException | RuntimeException e) {
                    failures.add(e);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join(60_000);
        }
        assertEquals(List.of(), failures);
        List<Envelope> all = new ArrayList<>(one.sealable());
        all.addAll(two.sealable());
        Lakes.assertHolds(root, all);
    }

    @Test
    void aBusyLakeIsLeftAloneAfterTheWait() throws IOException {
        new RawFolder(root, "pi-1").smallDay(10);
        ExportLimits base = Lakes.limits();
        ExportLimits impatient = new ExportLimits(1, base.memory(), Duration.ofMillis(100), base.layout());
        try (LakeLock held = LakeLock.take(Lakes.tenant(root), Duration.ZERO)) {
            IOException refused = assertThrows(
                    IOException.class,
                    () -> new ExportRun(root, RawFolder.TENANT, impatient, ExportProgress.SILENT)
                            .run(Lakes.request("pi-1")));
            assertTrue(String.valueOf(refused.getMessage()).contains("another export"));
        }
    }

    @Test
    void aDryRunSaysWhatItWouldReadAndWritesNothing() throws IOException {
        new RawFolder(root, "pi-1").smallDay(10);
        ExportReport report = new ExportRun(root, RawFolder.TENANT, Lakes.limits(), ExportProgress.SILENT)
                .run(new ExportRequest(List.of("pi-1"), true, TimeRange.ALL, OnDamaged.REFUSE, true));
        assertTrue(report.inputs() > 0 && !report.sealed());
        assertFalse(Files.exists(Lakes.events(root)));
    }

    @Test
    void aRawFileThatChangedAfterItWasSealedIsNoticed() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        Path file = raw.segment(1, List.of(raw.trade("BTC-USDT", 1, 0, RawFolder.START)));
        Lakes.export(root, "pi-1");
        Path other = raw.segment(
                2, List.of(raw.trade("BTC-USDT", 1, 0, RawFolder.START), raw.trade("BTC-USDT", 1, 1, RawFolder.START)));
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertThrows(DamagedLakeException.class, () -> Lakes.export(root, "pi-1"));
    }

    @Test
    void verifyFindsAChangedByteAndAMissingFile() throws IOException {
        new RawFolder(root, "pi-1").smallDay(30);
        Lakes.export(root, "pi-1");
        List<LakeFile> files = List.copyOf(Lakes.state(root).files());
        Path tenant = Lakes.tenant(root);
        Path changed = tenant.resolve(files.get(0).path());
        byte[] bytes = Files.readAllBytes(changed);
        bytes[bytes.length / 2] ^= 1;
        Files.write(changed, bytes);
        Files.delete(tenant.resolve(files.get(1).path()));
        List<String> problems = LakeCheck.check(root, RawFolder.TENANT, false, ExportProgress.SILENT)
                .problems();
        assertEquals(2, problems.size());
        assertTrue(problems.get(0).startsWith(files.get(0).path()));
        assertTrue(problems.get(1).contains("is missing"));
    }

    @Test
    void aTamperedManifestIsRefused() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        raw.smallDay(30);
        Lakes.export(root, "pi-1");
        raw.segment(5, List.of(raw.trade("BTC-USDT", 3, 0, RawFolder.START)));
        Lakes.export(root, "pi-1");
        Path first = Lakes.events(root).resolve("_manifest/0000000001.json");
        String text = Files.readString(first);
        Files.writeString(first, text.replaceFirst("\"rows\":\\d+", "\"rows\":7"));
        assertThrows(DamagedLakeException.class, () -> Lakes.state(root));
        Files.delete(first);
        DamagedLakeException hole = assertThrows(DamagedLakeException.class, () -> Lakes.state(root));
        assertTrue(String.valueOf(hole.getMessage()).contains("0000000001.json is missing"));
    }
}
