package io.tidemark.lake.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.files.schema.RowHash;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.lake.manifest.FileQuery;
import io.tidemark.lake.manifest.SealedState;
import io.tidemark.lake.run.ExportProgress;
import io.tidemark.lake.run.LakeCheck;
import io.tidemark.lake.run.Lakes;
import io.tidemark.lake.run.RawFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompactRunTest {
    private static final Duration GRACE = Duration.ofHours(1);

    @TempDir
    Path root;

    /** An hour of one instrument in ten files, sealed one by one, with quotes among the trades. */
    static List<Envelope> manySmallFiles(Path root) throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        for (int ordinal = 1; ordinal <= 10; ordinal++) {
            List<Envelope> trades = new ArrayList<>();
            List<Envelope> quotes = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                // The files overlap in time: the tenth events of all come before the eleventh of any.
                long at = RawFolder.START + (i * 10L + ordinal) * 1_000_000_000L;
                trades.add(raw.trade("BTC-USDT", 1, (ordinal - 1) * 50L + i, at));
                quotes.add(raw.quote("BTC-USDT", 1, (ordinal - 1) * 50L + i, at));
            }
            raw.segment(ordinal, trades);
            raw.segment(ordinal, quotes);
            Lakes.export(root, "pi-1");
        }
        return raw.sealable();
    }

    static CompactRequest request() {
        return new CompactRequest(FileQuery.ALL, 1 << 20, 2, GRACE, false);
    }

    private CompactReport compact(Instant now) throws IOException {
        return new CompactRun(root, RawFolder.TENANT, Lakes.limits(), InstantSource.fixed(now), ExportProgress.SILENT)
                .run(request());
    }

    private static String hash(SealedState state) {
        RowHash sum = new RowHash();
        state.files().forEach(file -> sum.add(file.rowHash()));
        return sum.hex();
    }

    @Test
    void theSmallFilesOfAnHourBecomeOneWithTheSameRows() throws IOException {
        List<Envelope> events = manySmallFiles(root);
        SealedState before = Lakes.state(root);
        assertEquals(10, before.files().size());
        CompactReport report = compact(Instant.now());
        SealedState after = Lakes.state(root);
        assertTrue(report.sealed());
        assertEquals(before.generation() + 1, after.generation());
        assertEquals(1, after.files().size());
        assertEquals(events.size(), after.rows());
        assertEquals(hash(before), hash(after));
        Lakes.assertHolds(root, events);
        LakeFile merged = after.files().iterator().next();
        assertTrue(merged.streams().stream().allMatch(LakeFile.StreamRange::isExact));
        assertEquals(
                List.of(),
                LakeCheck.check(root, RawFolder.TENANT, true, ExportProgress.SILENT)
                        .problems());
    }

    @Test
    void whatIsMergedIsNotMergedAgain() throws IOException {
        manySmallFiles(root);
        compact(Instant.now());
        CompactReport again = compact(Instant.now());
        assertFalse(again.sealed());
        assertEquals(0, again.filesBefore());
        assertEquals(11, again.generation());
    }

    @Test
    void replacedFilesStayUntilTheGraceIsOver() throws IOException {
        manySmallFiles(root);
        List<LakeFile> before = List.copyOf(Lakes.state(root).files());
        Instant now = Instant.now();
        assertEquals(10, compact(now).waiting());
        assertTrue(
                before.stream().allMatch(file -> Files.exists(Lakes.tenant(root).resolve(file.path()))));
        // A seal cleans up too, and must know them.
        Lakes.export(root, "pi-1");
        CompactReport early = compact(now.plus(GRACE.dividedBy(2)));
        assertEquals(0, early.deleted());
        for (LakeFile file : before) {
            assertEquals(file.rows(), Lakes.read(root, file).size(), "a reader of the state before");
        }
        CompactReport late = compact(now.plus(GRACE).plusSeconds(60));
        assertEquals(10, late.deleted());
        assertEquals(0, late.waiting());
        assertTrue(before.stream()
                .noneMatch(file -> Files.exists(Lakes.tenant(root).resolve(file.path()))));
        assertEquals(
                List.of(),
                LakeCheck.check(root, RawFolder.TENANT, true, ExportProgress.SILENT)
                        .problems());
    }

    @Test
    void lateEventsAfterACompactionAreSealedAndRepeatsLeftOut() throws IOException {
        List<Envelope> events = new ArrayList<>(manySmallFiles(root));
        compact(Instant.now());
        RawFolder raw = new RawFolder(root, "pi-1");
        List<Envelope> late = new ArrayList<>(events.stream()
                .filter(event -> event.getChannel().equals("trades"))
                .limit(30)
                .toList());
        Envelope fresh = raw.trade("BTC-USDT", 1, 500, RawFolder.START + 1);
        late.add(fresh);
        raw.segment(77, late);
        assertEquals(30, Lakes.export(root, "pi-1").repeats());
        events.add(fresh);
        Lakes.assertHolds(root, events);
        compact(Instant.now());
        Lakes.assertHolds(root, events);
        assertEquals(1, Lakes.state(root).files().size());
    }

    @Test
    void onlyWhatIsAskedForIsMerged() throws IOException {
        manySmallFiles(root);
        FileQuery other = new FileQuery(
                Optional.of("binance"), Optional.of("ETH-USDT"), Optional.empty(), Long.MIN_VALUE, Long.MAX_VALUE);
        CompactRun run =
                new CompactRun(root, RawFolder.TENANT, Lakes.limits(), InstantSource.system(), ExportProgress.SILENT);
        assertFalse(run.run(new CompactRequest(other, 1 << 20, 2, GRACE, false)).sealed());
        assertFalse(
                run.run(new CompactRequest(FileQuery.ALL, 100, 2, GRACE, false)).sealed());
        assertFalse(run.run(new CompactRequest(FileQuery.ALL, 1 << 20, 11, GRACE, false))
                .sealed());
    }

    @Test
    void aDryRunChangesNothing() throws IOException {
        manySmallFiles(root);
        Map<String, String> before = Lakes.contents(root);
        CompactReport report = new CompactRun(
                        root, RawFolder.TENANT, Lakes.limits(), InstantSource.system(), ExportProgress.SILENT)
                .run(new CompactRequest(FileQuery.ALL, 1 << 20, 2, GRACE, true));
        assertEquals(10, report.filesBefore());
        assertEquals(before, Lakes.contents(root));
    }

    @Test
    void aDamagedSealedFileIsNamedAndNothingIsReplaced() throws IOException {
        manySmallFiles(root);
        LakeFile victim = List.copyOf(Lakes.state(root).files()).get(3);
        Path path = Lakes.tenant(root).resolve(victim.path());
        byte[] bytes = Files.readAllBytes(path);
        bytes[bytes.length / 2] ^= 1;
        Files.write(path, bytes);
        Map<String, String> before = Lakes.contents(Lakes.events(root));
        IOException refused = assertThrows(IOException.class, () -> compact(Instant.now()));
        assertTrue(String.valueOf(refused.getMessage()).contains(victim.path()), refused.getMessage());
        assertEquals(before, Lakes.contents(Lakes.events(root)));
    }

    @ParameterizedTest
    @EnumSource(CompactRun.Stops.Step.class)
    void aFailureAtAnyStepLeavesTheOldStateOrTheNew(CompactRun.Stops.Step step) throws IOException {
        List<Envelope> events = manySmallFiles(root);
        CompactRun failing = new CompactRun(
                root, RawFolder.TENANT, Lakes.limits(), InstantSource.system(), ExportProgress.SILENT, reached -> {
                    if (reached == step) {
                        throw new IllegalStateException("stopped");
                    }
                });
        assertThrows(Exception.class, () -> failing.run(request()));
        Lakes.assertHolds(root, events);
        compact(Instant.now());
        Lakes.assertHolds(root, events);
        assertEquals(1, Lakes.state(root).files().size());
    }
}
