package io.tidemark.edge.log;

import static io.tidemark.edge.log.LogFixture.SOURCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.GapReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a log's end can be wrong, on a small log. */
class LogRecoveryTest {
    private static final String LOG = "raw/active/binance/0000000000.log";

    @TempDir
    Path folder;

    /** Where each block ends in a log of 5 blocks with 2 trades each, and the file without its seal. */
    private record Whole(byte[] bytes, List<Long> ends) {}

    private Whole write() throws IOException {
        Path place = folder.resolve("whole");
        List<Long> ends = new ArrayList<>();
        try (LogFixture edge = new LogFixture(place, LogFixture.Settings.USUAL.batches(4))) {
            EventLog log = edge.store.open(SOURCE);
            edge.trade(log, 0);
            edge.trade(log, 1);
            StoredLog stored = edge.store.logs(SOURCE).get(0);
            try (LogReader reader = new LogReader(stored.path())) {
                ends.add(reader.firstBlock());
            }
            ends.add(stored.length());
            for (long id = 2; id < 10; id += 2) {
                edge.trade(log, id);
                edge.trade(log, id + 1);
                ends.add(stored.length());
            }
            return new Whole(Files.readAllBytes(stored.path()), ends);
        }
    }

    /** Recovers a folder whose only log has these bytes and tells which trades are left. */
    private List<Long> recovered(byte[] bytes, long expectTorn) throws IOException {
        Path place = Files.createTempDirectory(folder, "edge");
        Files.createDirectories(place.resolve(LOG).getParent());
        Files.write(place.resolve(LOG), bytes);
        List<Long> trades;
        try (LogFixture edge = new LogFixture(place)) {
            EventLog log = edge.store.open(SOURCE);
            edge.trade(log, 99);
            log.rotate();
            trades = LogFixture.trades(edge.store);
            assertEquals(99, trades.remove(trades.size() - 1));
            List<Envelope> gaps = LogFixture.events(edge.store, SOURCE).stream()
                    .filter(Envelope::hasGap)
                    .toList();
            assertEquals(expectTorn > 0 ? 2 : 1, gaps.size());
            if (expectTorn > 0) {
                assertEquals(GapReason.GAP_REASON_TORN_LOG, gaps.get(0).getGap().getReason());
            }
            assertEquals(trades.size() + 1, log.written().of("trades"));
            assertEquals(trades.size() + 1, log.framesLogged());
        }
        assertEquals(Math.max(0, expectTorn), quarantined(place));
        // Again, now with the log sealed by the recovery.
        try (LogFixture edge = new LogFixture(place)) {
            assertEquals(trades.size() + 1, edge.store.totals(SOURCE).of("trades"));
            assertEquals(trades.size() + 1, LogFixture.trades(edge.store).size());
        }
        return trades;
    }

    private static long quarantined(Path place) throws IOException {
        Path quarantine = place.resolve("quarantine");
        if (!Files.exists(quarantine)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(quarantine)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> {
                        try {
                            return Files.size(file);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .sum();
        }
    }

    @Test
    void aCutAtEveryByteLeavesTheWholeBlocksBeforeIt() throws Exception {
        Whole whole = write();
        int first = Math.toIntExact(whole.ends().get(0));
        for (int cut = first; cut <= whole.bytes().length; cut++) {
            int at = cut;
            long good = whole.ends().stream()
                    .filter(end -> end <= at)
                    .mapToLong(end -> end)
                    .max()
                    .orElse(0);
            long blocks = whole.ends().stream().filter(end -> end <= at).count() - 1;
            long torn = cut == whole.bytes().length ? 0 : cut - good;
            List<Long> left = recovered(java.util.Arrays.copyOf(whole.bytes(), cut), torn);
            assertEquals(LongStream.range(0, 2 * blocks).boxed().toList(), left, "cut at " + cut);
        }
    }

    @Test
    void aCutInsideTheHeaderSetsTheLogAside() throws Exception {
        Whole whole = write();
        int first = Math.toIntExact(whole.ends().get(0));
        for (int cut = 0; cut < first; cut++) {
            Path place = Files.createTempDirectory(folder, "edge");
            Files.createDirectories(place.resolve(LOG).getParent());
            Files.write(place.resolve(LOG), java.util.Arrays.copyOf(whole.bytes(), cut));
            try (LogFixture edge = new LogFixture(place)) {
                EventLog log = edge.store.open(SOURCE);
                edge.trade(log, 7);
                log.rotate();
                assertEquals(List.of(7L), LogFixture.trades(edge.store), "cut at " + cut);
                assertEquals(1, edge.store.logs(SOURCE).get(0).ordinal());
            }
            assertFalse(Files.exists(place.resolve(LOG)));
            assertEquals(cut, quarantined(place));
        }
    }

    @Test
    void aFlippedByteOfTheLastBlockCostsThatBlockOnly() throws Exception {
        Whole whole = write();
        int from = Math.toIntExact(whole.ends().get(4));
        int to = Math.toIntExact(whole.ends().get(5));
        for (int flip = from; flip < to; flip++) {
            byte[] bytes = java.util.Arrays.copyOf(whole.bytes(), to);
            bytes[flip] ^= 0x41;
            assertEquals(LongStream.range(0, 8).boxed().toList(), recovered(bytes, to - from), "flipped at " + flip);
        }
    }

    @Test
    void aFlippedByteInTheMiddleCutsBehindTheLastGoodBlock() throws Exception {
        Whole whole = write();
        int from = Math.toIntExact(whole.ends().get(2));
        int to = Math.toIntExact(whole.ends().get(5));
        byte[] bytes = java.util.Arrays.copyOf(whole.bytes(), to);
        bytes[from + 60] ^= 1;
        assertEquals(List.of(0L, 1L, 2L, 3L), recovered(bytes, to - from));
    }

    @Test
    void anyBytesInTheFolderNeverStopTheStart() throws Exception {
        Whole whole = write();
        Path place = folder.resolve("whole");
        Path logs = place.resolve("raw/active/binance");
        Files.write(logs.resolve("0000000007.log"), new byte[4096]);
        Files.write(logs.resolve("0000000008.log"), whole.bytes());
        Files.writeString(logs.resolve("notes.txt"), "not ours");
        Files.writeString(logs.resolve("0000000009.log.part"), "half");
        Files.writeString(logs.resolve("ordinal"), "rubbish");
        Files.createDirectories(place.resolve("raw/active/100%"));
        Files.writeString(place.resolve("state/incarnation"), "rubbish");
        try (LogFixture edge = new LogFixture(place)) {
            assertTrue(edge.store.incarnation() > 1_700_000_000L);
            EventLog log = edge.store.open(SOURCE);
            assertEquals(10, log.written().of("trades"));
            edge.trade(log, 10);
            log.rotate();
            assertEquals(9, edge.store.logs(SOURCE).get(1).ordinal());
        }
        assertTrue(Files.exists(logs.resolve("notes.txt")));
        assertFalse(Files.exists(logs.resolve("0000000009.log.part")));
    }
}
