package io.tidemark.sync.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.sync.ReadyTree;
import io.tidemark.sync.TamperedTarget;
import io.tidemark.sync.retention.DeleteAfter;
import io.tidemark.sync.scan.PathPattern;
import io.tidemark.sync.scan.Selection;
import io.tidemark.sync.scan.SourceFile;
import io.tidemark.sync.target.DirectoryTarget;
import io.tidemark.sync.target.FolderLock;
import io.tidemark.sync.target.SyncFailure;
import io.tidemark.sync.target.Target;
import io.tidemark.sync.transfer.Bandwidth;
import io.tidemark.sync.transfer.Retry;
import io.tidemark.sync.transfer.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncPassTest {
    @TempDir
    Path dir;

    private ReadyTree tree;
    private Path lake;
    private Instant now = Instant.parse("2024-08-09T12:00:00Z");
    private final StopSignal stop = new StopSignal();
    private Selection selection = new Selection(PathPattern.of("**/*"), true);
    private DeleteAfter deleteAfter = DeleteAfter.KEEP;
    private int retries;

    @BeforeEach
    void emptyFolders() throws IOException {
        tree = new ReadyTree(dir.resolve("ready"), 7);
        lake = dir.resolve("lake");
    }

    @Test
    void manySmallAndSomeLargeFilesArriveExactly() throws IOException {
        tree.fill(4, 60, 3_000_000);
        PassReport report = run();
        assertTrue(report.complete(), report.toString());
        assertEquals(244, report.files());
        assertEquals(244, report.transferred());
        assertEquals(ReadyTree.contents(tree.folder()), lakeContents());
        assertEquals(report.bytes(), report.transferredBytes());
    }

    @Test
    void theSameTreeTwiceIsNothingDone() throws IOException {
        tree.fill(2, 10, 1000);
        run();
        Map<String, String> stamps = stamps();
        now = now.plusSeconds(600);
        PassReport report = run();
        assertTrue(report.complete());
        assertEquals(22, report.synced());
        assertEquals(0, report.transferred() + report.verified());
        assertEquals(0, report.transferredBytes());
        assertEquals(stamps, stamps());
    }

    @Test
    void onlyWhatIsNewIsBrought() throws IOException {
        tree.fill(1, 10, 1000);
        run();
        tree.segment("trades", ReadyTree.FIRST_HOUR.plusSeconds(3600), 50);
        PassReport report = run();
        assertEquals(1, report.transferred());
        assertEquals(12, report.synced());
        assertEquals(ReadyTree.contents(tree.folder()), lakeContents());
    }

    @Test
    void anHoursManifestComesAfterAllThatItNames() throws IOException {
        tree.fill(3, 12, 1000);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        pass(target(), new PassListener() {
                    @Override
                    public void done(SourceFile file, io.tidemark.sync.transfer.Transfer.Outcome outcome) {
                        order.add(file.path());
                    }
                })
                .run();
        assertEquals(39, order.size());
        assertTrue(order.subList(36, 39).stream().allMatch(path -> path.startsWith("_manifest/")), order.toString());
    }

    @Test
    void aManifestWaitsForAFileThatDidNotArrive() throws IOException {
        String good = tree.segment("trades", ReadyTree.FIRST_HOUR, 100);
        String bad = tree.segment("quotes", ReadyTree.FIRST_HOUR, 100);
        String manifest = tree.manifest(ReadyTree.FIRST_HOUR, List.of(good, bad));
        byte[] sound = Files.readAllBytes(tree.file(bad));
        tree.write(bad, new byte[100]); // damaged at rest: it is not what the manifest names
        PassReport report = run();
        assertFalse(report.complete());
        assertEquals(1, report.failedCount());
        assertTrue(report.failed().get(0).message().contains("is damaged"), report.toString());
        assertEquals(1, report.pending());
        assertEquals(1, report.synced());
        assertFalse(Files.exists(ReadyTree.inLake(lake, manifest)));

        tree.write(bad, sound);
        assertTrue(run().complete());
        assertTrue(Files.exists(ReadyTree.inLake(lake, manifest)));
    }

    @Test
    void aManifestThatNamesAFileThatIsNowhereIsNamed() throws IOException {
        String path = tree.segment("trades", ReadyTree.FIRST_HOUR, 100);
        String manifest = tree.manifest(ReadyTree.FIRST_HOUR, List.of(path));
        Files.delete(tree.file(path));
        PassReport report = run();
        assertEquals(1, report.failedCount());
        assertTrue(report.failed().get(0).message().contains("neither here nor at the target"), report.toString());
        assertFalse(Files.exists(ReadyTree.inLake(lake, manifest)));
    }

    @Test
    void aManifestGoesWhenItsFilesWereDeletedHereAfterTheirReceipt() throws IOException {
        String path = tree.segment("trades", ReadyTree.FIRST_HOUR, 100);
        run();
        String manifest = tree.manifest(ReadyTree.FIRST_HOUR, List.of(path));
        Files.delete(tree.file(path)); // as the edge's disk policy may
        assertTrue(run().complete());
        assertTrue(Files.exists(ReadyTree.inLake(lake, manifest)));
    }

    @Test
    void aDamagedManifestIsNamedAndTheSegmentsGoOn() throws IOException {
        String path = tree.segment("trades", ReadyTree.FIRST_HOUR, 100);
        String manifest = tree.manifest(ReadyTree.FIRST_HOUR, List.of(path));
        byte[] bytes = Files.readAllBytes(tree.file(manifest));
        bytes[bytes.length / 2] ^= 1;
        tree.write(manifest, bytes);
        PassReport report = run();
        assertEquals(1, report.failedCount());
        assertEquals(1, report.transferred());
        assertTrue(report.failed().get(0).message().contains(manifest), report.toString());
    }

    @Test
    void filesOfAnotherEdgeAreNotFiledUnderThisOne() throws IOException {
        String path = tree.segment("trades", ReadyTree.FIRST_HOUR, 100);
        tree.manifest("pi-2", ReadyTree.FIRST_HOUR, List.of(path));
        SyncFailure failure = assertThrows(SyncFailure.class, this::run);
        assertTrue(failure.getMessage().contains("edge \"pi-2\""), failure.getMessage());
        assertEquals(Map.of(), lakeContents());
    }

    @Test
    void rawFramesCanBeLeftOutAndTheHourIsStillComplete() throws IOException {
        tree.fill(1, 10, 1000);
        selection = new Selection(PathPattern.of("**/*"), false);
        PassReport report = run();
        assertTrue(report.complete(), report.toString());
        assertEquals(2, report.leftOut());
        assertEquals(9, report.files());
        assertTrue(lakeContents().keySet().stream().noneMatch(path -> path.startsWith("ws/frames")));
        assertTrue(lakeContents().keySet().stream().anyMatch(path -> path.startsWith("_manifest")));

        selection = new Selection(PathPattern.of("**/*"), true);
        assertEquals(2, run().transferred());
        assertEquals(ReadyTree.contents(tree.folder()), lakeContents());
    }

    @Test
    void aManifestStaysWithTheFilesThatThePatternLeavesOut() throws IOException {
        tree.fill(1, 10, 1000);
        selection = new Selection(PathPattern.of("{ws/trades,_manifest}/**"), true);
        PassReport report = run();
        assertTrue(report.complete(), report.toString());
        assertEquals(2, report.synced());
        assertEquals(9, report.leftOut());
    }

    @Test
    void aDryRunWritesNothing() throws IOException {
        tree.fill(1, 10, 1000);
        List<String> would = new ArrayList<>();
        PassReport report = pass(target(), new PassListener() {
                    @Override
                    public void wouldBring(SourceFile file) {
                        would.add(file.path());
                    }
                })
                .dryRun();
        assertEquals(11, would.size());
        assertEquals(11, report.pending());
        assertFalse(Files.exists(lake));
        assertFalse(Files.exists(tree.file("_receipts")));
        assertFalse(Files.exists(tree.file(FolderLock.NAME)));
    }

    @Test
    void onlyOnePassPerSourceAtATime() throws IOException {
        tree.fill(1, 2, 100);
        try (FolderLock lock = FolderLock.take(tree.folder(), Duration.ZERO, stop)) {
            SyncFailure failure = assertThrows(SyncFailure.class, this::run);
            assertTrue(failure.getMessage().contains("another sync uses " + tree.folder()), failure.getMessage());
            assertTrue(failure.getMessage()
                    .contains("process " + ProcessHandle.current().pid()));
        }
        assertTrue(run().complete());
    }

    @Test
    void aSourceThatIsNotThereIsNamed() throws IOException {
        Files.delete(tree.folder());
        SyncFailure failure = assertThrows(SyncFailure.class, this::run);
        assertTrue(failure.getMessage().contains("sync.source"), failure.getMessage());
    }

    @Test
    void aTargetThatIsAwayEndsThePassInsteadOfFailingEveryFile() throws IOException {
        tree.fill(1, 100, 100);
        PassReport report = pass(
                        new TamperedTarget(target()) {
                            @Override
                            protected void beforePublish(String path) throws IOException {
                                throw new SyncFailure(
                                        io.tidemark.contracts.failure.FailureKind.TRANSIENT, "cable pulled");
                            }
                        },
                        new PassListener() {})
                .run();
        assertFalse(report.complete());
        assertTrue(String.valueOf(report.endedEarly()).contains("cable pulled"), report.toString());
        assertTrue(report.failedCount() < 20, report.toString());
        assertEquals(101, report.failedCount() + report.pending());
        assertTrue(run().complete());
    }

    @Test
    void aFullTargetEndsThePass() throws IOException {
        tree.fill(1, 100, 100);
        PassReport report = pass(
                        new TamperedTarget(target()) {
                            @Override
                            protected void onWrite(String path, byte[] bytes, int length) throws IOException {
                                throw SyncFailure.of(
                                        "cannot write " + path, new IOException("No space left on device"));
                            }
                        },
                        new PassListener() {})
                .run();
        assertTrue(String.valueOf(report.endedEarly()).contains("full"), report.toString());
        assertTrue(report.failedCount() <= 3, report.toString());
    }

    @Test
    void oneBadFileKeepsNoOtherBack() throws IOException {
        tree.fill(1, 30, 1000);
        Files.createSymbolicLink(tree.file("ws/link"), dir);
        String taken = tree.segment("trades", ReadyTree.FIRST_HOUR, 100);
        Files.createDirectories(ReadyTree.inLake(lake, taken).getParent());
        Files.write(ReadyTree.inLake(lake, taken), new byte[100]);
        PassReport report = run();
        assertEquals(2, report.failedCount());
        assertEquals(31, report.synced());
        assertEquals(0, report.pending());
    }

    @Test
    void nothingIsDeletedUnlessAsked() throws IOException {
        tree.fill(2, 5, 100);
        run();
        now = now.plus(Duration.ofDays(1000));
        assertEquals(0, run().deleted());
        assertEquals(12, ReadyTree.contents(tree.folder()).size());
    }

    @Test
    void syncedHoursAreDeletedAfterTheGraceAndManifestsLast() throws IOException {
        tree.fill(2, 5, 100);
        String open = tree.segment("trades", ReadyTree.FIRST_HOUR.plus(Duration.ofHours(5)), 100);
        Map<String, String> all = ReadyTree.contents(tree.folder());
        deleteAfter = DeleteAfter.of("2h");
        assertEquals(0, run().deleted());
        now = now.plus(Duration.ofHours(2)).minusNanos(1);
        assertEquals(0, run().deleted());
        now = now.plusNanos(1);
        PassReport report = run();
        assertEquals(12, report.deleted());
        assertTrue(report.complete(), report.toString());
        // The hour without a manifest is not the edge's past yet.
        assertEquals(java.util.Set.of(open), ReadyTree.contents(tree.folder()).keySet());
        assertEquals(all, lakeContents());
    }

    @Test
    void whatIsDamagedAtTheTargetIsKeptHere() throws IOException {
        String path = tree.segment("trades", ReadyTree.FIRST_HOUR, 100);
        String other = tree.segment("quotes", ReadyTree.FIRST_HOUR, 100);
        String manifest = tree.manifest(ReadyTree.FIRST_HOUR, List.of(path, other));
        run();
        Files.write(ReadyTree.inLake(lake, path), new byte[100]); // same size, so no listing tells
        deleteAfter = DeleteAfter.of("0s");
        PassReport report = run();
        assertEquals(1, report.deleted());
        assertFalse(report.complete());
        assertTrue(report.failed().get(0).message().contains("the file at the edge is kept"), report.toString());
        assertTrue(Files.exists(tree.file(path)));
        assertTrue(Files.exists(tree.file(manifest)));
        assertFalse(Files.exists(tree.file(other)));
    }

    private Target target() {
        return new DirectoryTarget(lake, ReadyTree.TENANT, ReadyTree.EDGE);
    }

    private PassReport run() throws IOException {
        return pass(target(), new PassListener() {}).run();
    }

    private SyncPass pass(Target target, PassListener listener) {
        SyncPlan plan = new SyncPlan(
                tree.folder(),
                lake,
                ReadyTree.TENANT,
                ReadyTree.EDGE,
                selection,
                3,
                Bandwidth.UNLIMITED,
                new Retry(retries, Duration.ofMillis(1)),
                Duration.ZERO,
                deleteAfter,
                Duration.ofMinutes(5));
        return new SyncPass(plan, target, () -> now, new Random(1), stop, listener);
    }

    private Map<String, String> lakeContents() {
        return ReadyTree.contents(ReadyTree.inLake(lake, ""));
    }

    /** Inode and time of change of everything, receipts as well. */
    private Map<String, String> stamps() throws IOException {
        Map<String, String> stamps = new TreeMap<>();
        for (Path root : List.of(tree.folder(), lake)) {
            try (var files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (!file.endsWith(FolderLock.NAME)) {
                        stamps.put(
                                file.toString(),
                                Files.getAttribute(file, "unix:ino") + " " + Files.getAttribute(file, "unix:ctime"));
                    }
                }
            }
        }
        return stamps;
    }
}
