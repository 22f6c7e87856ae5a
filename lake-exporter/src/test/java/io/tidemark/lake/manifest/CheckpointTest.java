package io.tidemark.lake.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.lake.LakeCheckpoint;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints change how fast the chain is read and nothing else. */
class CheckpointTest {
    private static final Instant START = Instant.parse("2024-08-08T00:00:00Z");

    @TempDir
    Path root;

    private static LakeFile file(int hour, int number) {
        Instant at = START.plusSeconds(3_600L * hour);
        long nanos = at.getEpochSecond() * 1_000_000_000L;
        return new LakeFile(
                LakePath.eventHour("binance", "BTC-USDT", at) + "/" + nanos + "_pi-1_1_trades_" + number + ".parquet",
                "binance",
                "BTC-USDT",
                at,
                "ab".repeat(32),
                10,
                5,
                "cd".repeat(32),
                nanos,
                nanos + 1_000_000_000L,
                List.of(new StreamRange("pi-1", 1, "trades", number * 5L, number * 5L + 4, 5)));
    }

    private LakeManifest commit(List<LakeFile> files, List<String> gone, int number) throws IOException {
        try (LakeLock lock = LakeLock.take(root, Duration.ofSeconds(5))) {
            return new ManifestSeal(root, "default")
                    .commit(files, gone, List.of(new RawInput("pi-1", "p" + number, "00", 3, 5, true)), 0, Map.of());
        }
    }

    /** One file a generation, in one hour each; the file before is removed again at each tenth. */
    private void generations(int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            boolean removes = i % 10 == 9;
            commit(List.of(file(i, i)), removes ? List.of(file(i - 1, i - 1).path()) : List.of(), i);
        }
    }

    private List<Path> checkpoints() throws IOException {
        return new CheckpointFiles(root).all();
    }

    @Test
    void aReaderThatBeginsAtACheckpointSeesWhatTheChainSays() throws IOException {
        generations(0, 200);
        assertEquals(2, checkpoints().size(), "the last two are kept");
        SealedLake lake = new SealedLake(root);
        assertEquals(lake.replay(generation -> {}), lake.current());
        assertEquals(180, lake.current().files().size());
        assertEquals(List.of(), lake.checkpointProblems());
        // Proof that it begins there: a manifest before it is not even read.
        Files.write(root.resolve(LakePath.EVENT_MANIFESTS).resolve("0000000003.json"), new byte[] {'x'});
        assertEquals(200, new SealedLake(root).current().generation());
        DamagedLakeException named =
                assertThrows(DamagedLakeException.class, () -> new SealedLake(root).replay(generation -> {}));
        assertTrue(String.valueOf(named.getMessage()).contains("0000000003.json"));
    }

    @Test
    void aReaderKeepsUpBeyondACheckpoint() throws IOException {
        generations(0, 70);
        SealedLake lake = new SealedLake(root);
        assertEquals(70, lake.current().generation());
        generations(70, 75);
        assertEquals(75, lake.current().generation());
        assertEquals(new SealedLake(root).replay(generation -> {}), lake.current());
    }

    @Test
    void aWriterKnowsWhatWasConsumedAndRemovedBeforeTheCheckpoint() throws IOException {
        generations(0, 130);
        ManifestSeal seal = new ManifestSeal(root, "default");
        for (int i = 0; i < 130; i++) {
            assertTrue(seal.isConsumed("pi-1", "p" + i, 3));
        }
        assertFalse(seal.isConsumed("pi-1", "p130", 3));
        assertThrows(DamagedLakeException.class, () -> seal.isConsumed("pi-1", "p5", 4));
    }

    @Test
    void aDamagedCheckpointCostsOnlyTimeAndIsNamed() throws IOException {
        generations(0, 130);
        SealedState before = new SealedLake(root).current();
        for (Path checkpoint : checkpoints()) {
            byte[] bytes = Files.readAllBytes(checkpoint);
            for (int at : new int[] {5, bytes.length / 3, bytes.length - 5}) {
                byte[] damaged = bytes.clone();
                damaged[at] ^= 1;
                Files.write(checkpoint, damaged);
                assertEquals(before, new SealedLake(root).current());
                assertTrue(new ManifestSeal(root, "default").isConsumed("pi-1", "p7", 3));
                assertTrue(new SealedLake(root)
                        .checkpointProblems().stream().anyMatch(line -> line.contains(checkpoint.toString())));
            }
            Files.write(checkpoint, java.util.Arrays.copyOf(bytes, bytes.length - 40));
            assertEquals(before, new SealedLake(root).current());
        }
        generations(130, 140);
        assertEquals(140, new SealedLake(root).current().generation());
    }

    @Test
    void aMissingManifestIsNamedAlsoBehindACheckpointAndAtTheEnd() throws IOException {
        generations(0, 70);
        Path manifests = root.resolve(LakePath.EVENT_MANIFESTS);
        Path old = manifests.resolve("0000000010.json");
        byte[] bytes = Files.readAllBytes(old);
        Files.delete(old);
        DamagedLakeException hole = assertThrows(DamagedLakeException.class, () -> new SealedLake(root).current());
        assertTrue(String.valueOf(hole.getMessage()).contains("0000000010.json is missing"), hole.getMessage());
        Files.write(old, bytes);
        for (int i = 60; i <= 70; i++) {
            Files.delete(manifests.resolve(LakeManifest.fileName(i)));
        }
        DamagedLakeException end = assertThrows(DamagedLakeException.class, () -> new SealedLake(root).current());
        assertTrue(String.valueOf(end.getMessage()).contains("0000000060.json is missing"), end.getMessage());
    }

    @Test
    void aCheckpointOfAnotherLakeIsNotBelieved() throws IOException {
        generations(0, 64);
        Path checkpoint = checkpoints().get(0);
        LakeCheckpoint known = LakeCheckpoint.parse(Files.readAllBytes(checkpoint), true);
        LakeCheckpoint forged = new LakeCheckpoint(
                known.tenant(), known.generation(), "00".repeat(32), List.of(), known.consumed(), known.removed());
        Files.write(checkpoint, forged.toBytes());
        assertEquals(58, new SealedLake(root).current().files().size());
        // Even with the right hash `verify` sees that it lies.
        Files.write(
                checkpoint,
                new LakeCheckpoint(
                                known.tenant(),
                                known.generation(),
                                known.hash(),
                                List.of(),
                                known.consumed(),
                                known.removed())
                        .toBytes());
        assertTrue(new SealedLake(root).checkpointProblems().get(0).contains("otherwise"));
    }

    @Test
    void questionsAreAnsweredByTimeKindAndInstrument() throws IOException {
        List<LakeFile> files = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            files.add(file(i, i));
        }
        commit(files, List.of(), 0);
        SealedState state = new SealedLake(root).current();
        long hour = 3_600_000_000_000L;
        long from = START.getEpochSecond() * 1_000_000_000L + 3 * hour;
        assertEquals(2, state.files(range(from, from + 2 * hour)).size());
        assertEquals(3, state.files(range(from, from + 2 * hour + 1)).size());
        assertEquals(24, state.files(FileQuery.ALL).size());
        assertEquals(
                0,
                state.files(new FileQuery(Optional.empty(), Optional.empty(), Optional.of("quotes"), 0, Long.MAX_VALUE))
                        .size());
        assertEquals(
                24,
                state.files(new FileQuery(
                                Optional.of("binance"),
                                Optional.of("BTC-USDT"),
                                Optional.of("trades"),
                                0,
                                Long.MAX_VALUE))
                        .size());
    }

    private static FileQuery range(long from, long to) {
        return new FileQuery(Optional.empty(), Optional.empty(), Optional.empty(), from, to);
    }
}
