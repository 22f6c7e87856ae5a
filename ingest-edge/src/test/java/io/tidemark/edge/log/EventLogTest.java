package io.tidemark.edge.log;

import static io.tidemark.edge.log.LogFixture.SOURCE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.event.Connector;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.GapReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
    @TempDir
    Path folder;

    private static List<Long> upTo(long count) {
        return LongStream.range(0, count).boxed().toList();
    }

    @Test
    void whatWasCommittedIsReadBackInOrder() throws Exception {
        try (LogFixture edge = new LogFixture(folder)) {
            EventLog log = edge.store.open(SOURCE);
            for (long id = 0; id < 1234; id++) {
                edge.trade(log, id);
            }
            edge.pass(Duration.ofSeconds(1));
            assertEquals(upTo(1234), LogFixture.trades(edge.store));
            List<Envelope> events = LogFixture.events(edge.store, SOURCE);
            for (int i = 0; i < events.size(); i++) {
                assertEquals(i / 2, events.get(i).getSequence());
                assertEquals(1, events.get(i).getIncarnation());
            }
            assertEquals(1234, log.framesLogged());
            assertEquals(1234, log.written().of("trades"));
            assertEquals(1234, log.written().of("frames"));
        }
    }

    @Test
    void nothingIsWrittenBeforeTheBatchSizeOrTheWriteInterval() throws Exception {
        try (LogFixture edge = new LogFixture(folder)) {
            EventLog log = edge.store.open(SOURCE);
            for (long id = 0; id < 49; id++) {
                edge.trade(log, id);
            }
            assertEquals(0, log.written().of("trades"));
            edge.trade(log, 49);
            assertEquals(50, log.written().of("trades"));
            edge.trade(log, 50);
            edge.pass(Duration.ofMillis(249));
            assertEquals(50, log.written().of("trades"));
            edge.pass(Duration.ofMillis(1));
            assertEquals(51, log.written().of("trades"));
        }
    }

    @Test
    void rollbackForgetsWhatCameAfterTheMarkAndGivesItsSequencesBack() throws Exception {
        try (LogFixture edge = new LogFixture(folder)) {
            EventLog log = edge.store.open(SOURCE);
            edge.frame(log, "bad".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            log.mark();
            Journal.Stream quotes = log.stream("quotes", "BTC-USDT", "BTCUSDT", Connector.WS);
            for (int i = 0; i < 3; i++) {
                log.encoder().quote(quotes.head(), quotes.sequence(), edge.receiveTime(), 1, null, null, null, null, 7);
                log.add(quotes);
            }
            assertEquals(3, quotes.sequence());
            log.rollback();
            assertEquals(0, quotes.sequence());
            log.commit();
            edge.trade(log, 0);
            edge.pass(Duration.ofSeconds(1));
            List<Envelope> events = LogFixture.events(edge.store, SOURCE);
            assertEquals(
                    List.of("frames", "frames", "trades"),
                    events.stream().map(Envelope::getChannel).toList());
            assertEquals(0, log.written().of("quotes"));
        }
    }

    @Test
    void theLastRecordOfABatchIsMarkedAndABatchNeverStraddlesBlocks() throws Exception {
        try (LogFixture edge = new LogFixture(folder, LogFixture.Settings.USUAL.batches(3))) {
            EventLog log = edge.store.open(SOURCE);
            for (long id = 0; id < 100; id++) {
                edge.trade(log, id);
            }
            log.rotate();
            StoredLog stored = edge.store.logs(SOURCE).get(0);
            try (LogReader reader = new LogReader(stored.path())) {
                LogBlock block = reader.block(reader.firstBlock(), stored.length());
                int blocks = 0;
                while (block != null && !block.head().isSeal()) {
                    blocks++;
                    int at = block.first();
                    boolean ends = false;
                    for (; at < block.end(); at = block.next(at)) {
                        assertEquals(block.event(at).getReceiveTime(), block.receiveTime(at));
                        assertEquals(block.event(at).getSequence(), block.sequence(at));
                        assertEquals(
                                io.tidemark.contracts.event.Events.eventTime(block.event(at)), block.eventTime(at));
                        ends = block.endsBatch(at);
                    }
                    assertTrue(ends);
                    assertEquals(4, block.head().records());
                    block = reader.block(block.head().next(), stored.length());
                }
                assertEquals(50, blocks);
            }
        }
    }

    @Test
    void aFrameOfSixteenMebibytesIsWrittenWholeWhetherItShrinksOrNot() throws Exception {
        byte[] random = new byte[16 << 20];
        new Random(5).nextBytes(random);
        byte[] even = new byte[16 << 20];
        try (LogFixture edge = new LogFixture(folder)) {
            EventLog log = edge.store.open(SOURCE);
            edge.trade(log, 0);
            for (byte[] payload : List.of(random, even)) {
                edge.frame(log, payload);
                log.commit();
            }
            edge.trade(log, 1);
            edge.pass(Duration.ofSeconds(6));
            List<Envelope> events = LogFixture.events(edge.store, SOURCE);
            assertArrayEquals(random, events.get(2).getFrame().getPayload().toByteArray());
            assertArrayEquals(even, events.get(3).getFrame().getPayload().toByteArray());
            assertEquals(List.of(0L, 1L), LogFixture.trades(edge.store));
        }
    }

    @Test
    void aLogEndsAtItsSizeAndTotalsRunOn() throws Exception {
        byte[] random = new byte[400_000];
        try (LogFixture edge = new LogFixture(folder, LogFixture.Settings.USUAL.megabytes(1))) {
            EventLog log = edge.store.open(SOURCE);
            Random source = new Random(1);
            for (long id = 0; id < 10; id++) {
                source.nextBytes(random);
                edge.frame(log, random);
                log.commit();
                edge.trade(log, id);
            }
            edge.pass(Duration.ofSeconds(6));
            List<StoredLog> logs = edge.store.logs(SOURCE);
            assertEquals(4, logs.size());
            for (int i = 0; i < 3; i++) {
                assertTrue(logs.get(i).isSealed());
                assertEquals(i, logs.get(i).ordinal());
            }
            assertFalse(logs.get(3).isSealed());
            assertEquals(upTo(10), LogFixture.trades(edge.store));
            assertTrue(logs.get(3).header().before().of("frames") > 12);
            assertEquals(20, log.written().webSocketFrames());
        }
    }

    @Test
    void aLogHoldsOneReceiveHourAndAQuietOneIsSealedAfterIt() throws Exception {
        try (LogFixture edge = new LogFixture(folder)) {
            EventLog log = edge.store.open(SOURCE);
            edge.trade(log, 0);
            edge.pass(Duration.ofMinutes(44));
            edge.trade(log, 1);
            edge.at("2026-11-20T11:00:00Z");
            edge.trade(log, 2);
            edge.at("2026-11-20T10:59:59.999Z");
            edge.trade(log, 3);
            edge.at("2026-11-20T12:00:01Z");
            edge.pass(Duration.ofSeconds(1));
            assertFalse(edge.store.logs(SOURCE).get(1).isSealed());
            edge.pass(Duration.ofSeconds(5));
            List<StoredLog> logs = edge.store.logs(SOURCE);
            assertEquals(
                    List.of(Instant.parse("2026-11-20T10:00:00Z"), Instant.parse("2026-11-20T11:00:00Z")),
                    logs.stream().map(StoredLog::hour).toList());
            assertTrue(logs.get(1).isSealed());
            assertEquals(upTo(4), LogFixture.trades(edge.store));
        }
    }

    @Test
    void aRestartRaisesTheIncarnationTellsOfItselfAndKeepsCounting() throws Exception {
        try (LogFixture edge = new LogFixture(folder)) {
            EventLog log = edge.store.open(SOURCE);
            edge.trade(log, 0);
            edge.trade(log, 1);
        }
        try (LogFixture edge = new LogFixture(folder)) {
            assertEquals(2, edge.store.incarnation());
            EventLog log = edge.store.open(SOURCE);
            assertEquals(2, log.framesLogged());
            edge.trade(log, 2);
            edge.pass(Duration.ofSeconds(1));
            List<Envelope> events = LogFixture.events(edge.store, SOURCE);
            Envelope gap = events.get(4);
            assertEquals(GapReason.GAP_REASON_RESTART, gap.getGap().getReason());
            assertEquals(events.get(3).getReceiveTime(), gap.getGap().getFromTime());
            assertEquals(3, log.framesLogged());
            assertEquals(3, log.written().of("trades"));
            assertEquals(1, log.written().of("gaps"));
        }
        try (LogFixture edge = new LogFixture(folder)) {
            assertEquals(3, edge.store.incarnation());
            assertEquals(3, edge.store.totals(SOURCE).of("trades"));
            assertEquals(2, edge.store.logs(SOURCE).size());
        }
    }

    @Test
    void aFolderBelongsToOneEdge() throws Exception {
        try (LogFixture edge = new LogFixture(folder)) {
            edge.store.start();
            IOException refused = assertThrows(IOException.class, () -> new LogFixture(folder));
            assertTrue(refused.toString().contains("used by another edge"), refused.toString());
        }
    }

    @Test
    void aLogGoesOnlyWhenItIsConvertedAndPassedAndNotTheNewestSealedOne() throws Exception {
        try (LogFixture edge = new LogFixture(folder)) {
            EventLog log = edge.store.open(SOURCE);
            for (long id = 0; id < 4; id++) {
                edge.trade(log, id);
                log.rotate();
            }
            List<StoredLog> logs = edge.store.logs(SOURCE);
            edge.store.markPassed(SOURCE, 3);
            edge.store.markConverted(logs.get(1));
            assertEquals(3, edge.store.logs(SOURCE).size());
            edge.store.markConverted(logs.get(2));
            edge.store.markConverted(logs.get(3));
            edge.store.forwardNothing();
            assertEquals(
                    List.of(0L, 3L),
                    edge.store.logs(SOURCE).stream().map(StoredLog::ordinal).toList());
            edge.store.markConverted(logs.get(0));
            assertEquals(1, edge.store.logs(SOURCE).size());
            assertFalse(Files.exists(logs.get(0).path()));
        }
    }
}
