package io.tidemark.edge.log;

import static io.tidemark.edge.log.LogFixture.SOURCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.proto.Envelope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log does when the disk does not do what it was asked. */
class FailingDiskTest {
    @TempDir
    Path folder;

    /** The real disk until it is told to fail. */
    private static final class Disk implements LogDevice {
        int failSyncs;
        int failWrites;
        int failCreates;
        int syncsOfFailed;

        @Override
        public Output create(Path path) throws IOException {
            if (failCreates > 0) {
                failCreates--;
                throw new IOException("no space");
            }
            Output real = DISK.create(path);
            return new Output() {
                private boolean failed;

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    if (failWrites > 0) {
                        failWrites--;
                        real.write(bytes, offset, length / 2);
                        throw new IOException("no space");
                    }
                    real.write(bytes, offset, length);
                }

                @Override
                public void sync() throws IOException {
                    if (failed) {
                        syncsOfFailed++;
                    }
                    if (failSyncs > 0) {
                        failSyncs--;
                        failed = true;
                        throw new IOException("input/output error");
                    }
                    real.sync();
                }

                @Override
                public void truncate(long length) throws IOException {
                    real.truncate(length);
                }

                @Override
                public void close() throws IOException {
                    real.close();
                }
            };
        }
    }

    private static List<Long> upTo(long count) {
        return LongStream.range(0, count).boxed().toList();
    }

    private static void assertSequencesWithoutHoles(LogStore store) throws IOException {
        long frames = 0;
        for (Envelope event : LogFixture.events(store, SOURCE)) {
            if (event.hasFrame()) {
                assertEquals(frames++, event.getSequence());
            }
        }
    }

    @Test
    void afterAFailedSyncTheUnsyncedBlocksStandInANewLogExactlyOnce() throws Exception {
        Disk disk = new Disk();
        try (LogFixture edge = new LogFixture(folder, LogFixture.Settings.USUAL.batches(10), disk)) {
            EventLog log = edge.store.open(SOURCE);
            for (long id = 0; id < 50; id++) {
                edge.trade(log, id);
            }
            edge.pass(Duration.ofSeconds(6));
            for (long id = 50; id < 83; id++) {
                edge.trade(log, id);
            }
            disk.failSyncs = 1;
            edge.pass(Duration.ofSeconds(6));
            assertEquals(2, edge.store.logs(SOURCE).size());
            for (long id = 83; id < 100; id++) {
                edge.trade(log, id);
            }
            edge.pass(Duration.ofSeconds(6));
            assertEquals(0, disk.syncsOfFailed);
            assertEquals(upTo(100), LogFixture.trades(edge.store));
            assertSequencesWithoutHoles(edge.store);
            assertEquals(50, edge.store.logs(SOURCE).get(1).header().before().of("trades"));
            assertEquals(100, log.written().of("trades"));
        }
        try (LogFixture edge = new LogFixture(folder)) {
            assertEquals(upTo(100), LogFixture.trades(edge.store));
            assertEquals(100, edge.store.totals(SOURCE).of("trades"));
        }
    }

    @Test
    void aFailedSyncAtTheSealLosesNothingEither() throws Exception {
        Disk disk = new Disk();
        try (LogFixture edge = new LogFixture(folder, LogFixture.Settings.USUAL.batches(10), disk)) {
            EventLog log = edge.store.open(SOURCE);
            for (long id = 0; id < 50; id++) {
                edge.trade(log, id);
            }
            disk.failSyncs = 1;
            edge.at("2026-11-20T11:00:00Z");
            for (long id = 50; id < 60; id++) {
                edge.trade(log, id);
            }
            log.rotate();
            assertEquals(upTo(60), LogFixture.trades(edge.store));
            assertEquals(3, edge.store.logs(SOURCE).size());
        }
        try (LogFixture edge = new LogFixture(folder)) {
            assertEquals(upTo(60), LogFixture.trades(edge.store));
        }
    }

    @Test
    void aRefusedWriteIsKeptAndTheNextBatchIsRefusedUntilTheDiskWritesAgain() throws Exception {
        Disk disk = new Disk();
        try (LogFixture edge = new LogFixture(folder, LogFixture.Settings.USUAL.batches(2), disk)) {
            EventLog log = edge.store.open(SOURCE);
            edge.trade(log, 0);
            disk.failWrites = 2;
            edge.trade(log, 1);
            assertEquals(1, log.written().of("trades"));
            LogUnavailableException refused = assertThrows(LogUnavailableException.class, () -> edge.trade(log, 2));
            assertTrue(refused.toString().contains("no space"), refused.toString());
            assertEquals(2, log.framesLogged());
            edge.trade(log, 2);
            log.rotate();
            assertEquals(upTo(3), LogFixture.trades(edge.store));
            assertSequencesWithoutHoles(edge.store);
        }
    }

    @Test
    void aLargeBatchThatTheDiskRefusesGivesItsSequencesBack() throws Exception {
        Disk disk = new Disk();
        try (LogFixture edge = new LogFixture(folder, LogFixture.Settings.USUAL, disk)) {
            EventLog log = edge.store.open(SOURCE);
            edge.trade(log, 0);
            edge.pass(Duration.ofSeconds(1));
            disk.failWrites = 1;
            edge.frame(log, new byte[1 << 20]);
            assertThrows(LogUnavailableException.class, log::commit);
            edge.trade(log, 1);
            log.rotate();
            assertEquals(upTo(2), LogFixture.trades(edge.store));
            assertSequencesWithoutHoles(edge.store);
            assertEquals(2, log.framesLogged());
        }
    }

    @Test
    void whenNoNewLogCanBeMadeTheUnsyncedBlocksWaitInMemory() throws Exception {
        Disk disk = new Disk();
        try (LogFixture edge = new LogFixture(folder, LogFixture.Settings.USUAL.batches(2), disk)) {
            EventLog log = edge.store.open(SOURCE);
            for (long id = 0; id < 20; id++) {
                edge.trade(log, id);
            }
            disk.failSyncs = 1;
            disk.failCreates = 2;
            edge.pass(Duration.ofSeconds(6));
            assertThrows(LogUnavailableException.class, () -> edge.trade(log, 20));
            edge.pass(Duration.ofSeconds(2));
            edge.trade(log, 20);
            edge.pass(Duration.ofSeconds(6));
            assertEquals(upTo(21), LogFixture.trades(edge.store));
            assertSequencesWithoutHoles(edge.store);
        }
        try (LogFixture edge = new LogFixture(folder)) {
            assertEquals(upTo(21), LogFixture.trades(edge.store));
        }
    }
}
