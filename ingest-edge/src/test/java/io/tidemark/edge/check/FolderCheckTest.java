package io.tidemark.edge.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.edge.log.EventLog;
import io.tidemark.edge.log.LogFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code -Dtidemark.faults=full -Dtidemark.seed=N} for more, or the same again. */
class FolderCheckTest {
    private static final boolean FULL = "full".equals(System.getProperty("tidemark.faults"));
    private static final int ROUNDS = Integer.getInteger("tidemark.vandal.rounds", FULL ? 1500 : 24);

    @TempDir
    Path temp;

    private Path folder() {
        return temp.resolve("data");
    }

    private List<Fault> faults() throws IOException {
        return FolderCheck.run(folder()).faults();
    }

    private FolderRepair.Report repair() throws IOException {
        return FolderRepair.run(
                folder(), LogFixture.Settings.USUAL, new DataFolder.Segments("parquet"), DataFolder.LATER);
    }

    private Path log(int index) throws IOException {
        List<Path> found = DataFolder.files(folder().resolve("raw")).stream()
                .filter(file -> file.toString().endsWith(".log"))
                .toList();
        return found.get(index);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "ndjson"})
    void whatAnEdgeLeavesIsWhole(String format) throws IOException {
        DataFolder.fill(folder(), format);
        FolderCheck.Report report = FolderCheck.run(folder());
        assertEquals(List.of(), report.faults());
        assertTrue(report.logs() > 1 && report.segments() > 10, report::toString);
        assertFalse(report.live());
    }

    @Test
    void anEdgeThatRunsIsNoFault() throws IOException {
        DataFolder.fill(folder(), "parquet");
        try (LogFixture edge = new LogFixture(folder())) {
            edge.at("2026-11-20T13:00:00Z");
            EventLog log = edge.store.open("binance");
            for (long id = 0; id < 250; id++) {
                edge.trade(log, id);
            }
            FolderCheck.Report report = FolderCheck.run(folder());
            assertEquals(List.of(), report.faults());
            assertTrue(report.live());
            assertThrows(IOException.class, this::repair);
        }
    }

    @Test
    void everythingThatAVandalDoesIsNamedAndRepaired() throws IOException {
        long seed = Long.getLong("tidemark.seed", System.nanoTime());
        System.out.println("tidemark.seed=" + seed);
        Path whole = temp.resolve("whole");
        DataFolder.fill(whole, "parquet");
        Set<String> all = DataFolder.readable(whole);
        for (int round = 0; round < ROUNDS; round++) {
            DataFolder.copy(whole, folder());
            Vandal vandal = new Vandal(folder(), seed + round);
            StringBuilder deeds = new StringBuilder("seed " + (seed + round) + ":");
            for (int i = 0; i <= round % 4; i++) {
                deeds.append("\n  ").append(vandal.act());
            }
            Set<String> readable = DataFolder.readable(folder());
            List<Fault> found = faults();
            if (!readable.equals(all)) {
                assertFalse(found.isEmpty(), deeds + "\nis not noticed");
            }
            FolderRepair.Report done = repair();
            assertEquals(List.of(), faults(), () -> deeds + "\nfound " + found + "\nrepaired " + done);
            readable.removeAll(DataFolder.readable(folder()));
            assertEquals(Set.of(), readable, () -> deeds + "\nis lost by the repair: " + done);
            for (Path file : DataFolder.files(folder())) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aLogCutAtAnyByteIsNamed() throws IOException {
        DataFolder.fill(folder(), "parquet");
        Path log = log(0);
        byte[] bytes = Files.readAllBytes(log);
        for (int length = 0; length < bytes.length; length += FULL ? 1 : 397) {
            Files.write(log, Arrays.copyOf(bytes, length));
            List<Fault> found = faults();
            assertTrue(
                    found.stream().anyMatch(fault -> fault.file().endsWith(".log")),
                    "cut at " + length + " of " + bytes.length + ": " + found);
        }
    }

    @Test
    void whatARepairCouldNotBringBackIsRecordedAsAGapByTheNextStart() throws IOException {
        DataFolder.fill(folder(), "parquet");
        Path log = log(1);
        byte[] bytes = Files.readAllBytes(log);
        bytes[bytes.length / 2] ^= 1;
        Files.write(log, bytes);
        // Its segments would bring the events back.
        String ordinal = String.valueOf(log.getFileName()).substring(0, 10);
        for (Path file : DataFolder.files(folder().resolve("raw"))) {
            if (file.toString().contains(ordinal) && !file.equals(log)) {
                Files.delete(file);
            }
        }
        FolderRepair.Report done = repair();
        assertFalse(done.lost().isEmpty(), done::toString);
        assertEquals(List.of(), faults());
        String source = String.valueOf(Objects.requireNonNull(log.getParent()).getFileName());
        try (LogFixture edge = new LogFixture(folder())) {
            edge.at("2026-11-20T16:00:00Z");
            edge.store.open(source);
            List<Envelope> gaps = LogFixture.events(edge.store, source).stream()
                    .filter(event -> event.hasGap() && event.getGap().getReason() == GapReason.GAP_REASON_TORN_LOG)
                    .toList();
            assertTrue(gaps.stream().anyMatch(gap -> gap.getGap().getDetail().contains("is lost")), gaps::toString);
        }
        assertEquals(List.of(), faults());
    }
}
