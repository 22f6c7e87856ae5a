package io.tidemark.lake.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.segment.SegmentPath;
import io.tidemark.lake.manifest.SealedLake;
import io.tidemark.lake.run.Lakes;
import io.tidemark.lake.run.RawFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveTailTest {
    private static final String TRADES = "tidemark.trades.v1-0";

    @TempDir
    Path root;

    private Instant now = Instant.now();
    private final List<LiveWriter> writers = new ArrayList<>();

    @AfterEach
    void close() {
        writers.forEach(LiveWriter::close);
    }

    private LiveTail open() throws IOException {
        LiveWriter writer = new LiveWriter(Lakes.tenant(root), Lakes.limits().layout(), 2);
        writers.add(writer);
        return new LiveTail(
                Lakes.tenant(root),
                RawFolder.TENANT,
                new SealedLake(Lakes.tenant(root)),
                writer,
                new LiveTail.Limits(Duration.ofDays(2), Duration.ofMinutes(10), 64 << 20),
                (InstantSource) () -> now);
    }

    private List<Envelope> trades(RawFolder raw, int from, int to) {
        List<Envelope> trades = new ArrayList<>();
        for (int i = from; i < to; i++) {
            // From the last minute of an hour into the next.
            trades.add(raw.trade("BTC-USDT", 1, i, RawFolder.START + RawFolder.HOUR + (i - 100) * 100_000_000L));
        }
        return trades;
    }

    private static List<Envelope> read(Path root, Collection<LakeFile> files) throws IOException {
        List<Envelope> events = new ArrayList<>();
        for (LakeFile file : files) {
            long before = Long.MIN_VALUE;
            for (Envelope event : Lakes.read(root, file)) {
                assertTrue(Events.eventTime(event) >= before, "sorted");
                before = Events.eventTime(event);
                assertEquals(file.hour(), SegmentPath.hourOf(before));
                events.add(event);
            }
        }
        return events;
    }

    private void assertHolds(LiveTail tail, Collection<Envelope> expected) throws IOException {
        List<Envelope> found = read(root, tail.state().files());
        TreeSet<Identity> names = new TreeSet<>();
        found.forEach(event -> assertTrue(names.add(Identity.of(event)), "once: " + Identity.of(event)));
        TreeSet<Identity> wanted = new TreeSet<>();
        expected.forEach(event -> wanted.add(Identity.of(event)));
        assertEquals(wanted, names);
    }

    private long filesOnDisk() throws IOException {
        try (Stream<Path> files = Files.walk(Lakes.tenant(root).resolve("live"))) {
            return files.filter(file -> file.toString().endsWith(".parquet")).count();
        }
    }

    @Test
    void whatWasTakenIsInItsHourAfterAFlushAndNothingIsSealed() throws IOException {
        List<Envelope> trades = trades(new RawFolder(root, "pi-1"), 0, 200);
        LiveTail tail = open();
        tail.take(TRADES, 200, trades);
        assertEquals(0, tail.state().rows(), "not before the flush");
        tail.flush();
        assertHolds(tail, trades);
        assertEquals(2, tail.state().files().size(), "one for each hour");
        assertTrue(tail.state().files().stream().allMatch(LakeFile::isLive));
        assertEquals(0, new SealedLake(Lakes.tenant(root)).current().generation());
        assertEquals(Map.of(TRADES, 200L), tail.offsets());
    }

    @Test
    void aNewProcessGoesOnFromTheLastStateAndRemovesWhatItDoesNotName() throws IOException {
        List<Envelope> trades = trades(new RawFolder(root, "pi-1"), 0, 200);
        LiveTail tail = open();
        tail.take(TRADES, 100, trades.subList(0, 100));
        tail.flush();
        // Dies with events in memory, and with a file that no state names.
        tail.take(TRADES, 150, trades.subList(100, 150));
        Path named = Lakes.tenant(root).resolve(tail.state().files().get(0).path());
        Files.copy(named, named.resolveSibling("1723154400000000000_stray.parquet"));
        LiveTail next = open();
        assertEquals(Map.of(TRADES, 100L), next.offsets());
        assertEquals(next.state().files().size(), filesOnDisk());
        assertEquals(tail.state().epoch() + 1, next.state().epoch());
        next.take(TRADES, 200, trades.subList(100, 200));
        next.flush();
        assertHolds(next, trades);
    }

    @Test
    void anEventThatComesAgainIsLeftOut() throws IOException {
        List<Envelope> trades = trades(new RawFolder(root, "pi-1"), 0, 60);
        LiveTail tail = open();
        tail.take(TRADES, 60, trades);
        tail.take(TRADES, 80, trades.subList(10, 30));
        tail.flush();
        tail.take(TRADES, 140, trades);
        tail.flush();
        LiveTail next = open();
        next.take(TRADES, 200, trades);
        next.flush();
        assertHolds(next, trades);
        assertEquals(80, tail.counts().repeats());
        assertEquals(60, next.counts().repeats());
    }

    @Test
    void whatIsSealedGoesAndTheRestStays() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        List<Envelope> trades = trades(raw, 0, 200);
        LiveTail tail = open();
        tail.take(TRADES, 200, trades);
        tail.flush();
        // One segment holds the first hour's events and a few of the second.
        raw.segment(1, trades.subList(0, 120));
        Lakes.export(root, "pi-1");
        LiveView view = new LiveView();
        LiveWriter writer = writers.get(0);
        view.publish(new LiveView.Snapshot(tail.state(), writer::identities));
        SealedLake sealed = new SealedLake(Lakes.tenant(root));
        List<Envelope> shown = read(root, view.snapshot().files(sealed.current()));
        assertTrue(shown.stream().noneMatch(event -> event.getSequence() < 120), "never both sealed and in the tail");
        tail.reconcile();
        assertHolds(tail, trades.subList(120, 200));
        view.publish(new LiveView.Snapshot(tail.state(), writer::identities));
        assertEquals(80, read(root, view.snapshot().files(sealed.current())).size());
        // What was sealed and comes late, or again, does not come back.
        tail.take(TRADES, 400, trades);
        tail.flush();
        assertHolds(tail, trades.subList(120, 200));
        raw.segment(2, trades.subList(120, 200));
        Lakes.export(root, "pi-1");
        tail.reconcile();
        assertEquals(List.of(), tail.state().files());
        assertEquals(Map.of(TRADES, 400L), tail.offsets());
    }

    @Test
    void aSealWhileNobodyKeptTheTailIsSeenAtTheNextStart() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        List<Envelope> trades = trades(raw, 0, 200);
        LiveTail tail = open();
        tail.take(TRADES, 150, trades.subList(0, 150));
        tail.flush();
        raw.segment(1, trades);
        Lakes.export(root, "pi-1");
        LiveTail next = open();
        assertEquals(List.of(), next.state().files());
        next.take(TRADES, 200, trades.subList(150, 200));
        next.flush();
        assertEquals(List.of(), next.state().files());
    }

    @Test
    void anHourHasFewFilesHoweverOftenItIsFlushed() throws IOException {
        RawFolder raw = new RawFolder(root, "pi-1");
        LiveTail tail = open();
        List<Envelope> all = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            List<Envelope> some = new ArrayList<>();
            for (int j = 0; j < 10; j++) {
                some.add(raw.trade("BTC-USDT", 1, i * 10L + j, RawFolder.START + (i * 10L + j) * 1_000_000L));
            }
            all.addAll(some);
            tail.take(TRADES, i * 10L + 10, some);
            tail.flush();
        }
        assertHolds(tail, all);
        assertTrue(
                tail.state().files().size() <= 7,
                "files: " + tail.state().files().size());
        assertTrue(filesOnDisk() > tail.state().files().size(), "replaced files stay for those who read them");
        now = now.plus(Duration.ofMinutes(11));
        tail.tidy();
        assertEquals(tail.state().files().size(), filesOnDisk());
        now = now.plus(Duration.ofDays(3));
        tail.tidy();
        assertEquals(List.of(), tail.state().files(), "too old");
    }

    @Test
    void afterAFailureItIsReadAgainFromTheLastState() throws IOException {
        List<Envelope> trades = trades(new RawFolder(root, "pi-1"), 0, 200);
        LiveTail tail = open();
        tail.take(TRADES, 100, trades.subList(0, 100));
        tail.flush();
        tail.take(TRADES, 200, trades.subList(100, 200));
        // A file where a folder has to be: nothing can be written there.
        Path hour = Lakes.tenant(root)
                .resolve(io.tidemark.contracts.lake.LakePath.Part.LIVE.hour(
                        "binance", "BTC-USDT", SegmentPath.hourOf(RawFolder.START + RawFolder.HOUR)));
        boolean there = Files.exists(hour);
        Path blocked = there ? hour.resolveSibling("moved") : hour;
        if (there) {
            Files.move(hour, blocked);
        }
        Files.createDirectories(hour.resolveSibling(""));
        Files.write(hour, new byte[] {1});
        assertThrows(IOException.class, tail::flush);
        tail.reset();
        assertEquals(Map.of(TRADES, 100L), tail.offsets());
        Files.delete(hour);
        if (there) {
            Files.move(blocked, hour);
        }
        tail.take(TRADES, 200, trades.subList(100, 200));
        tail.flush();
        assertHolds(tail, trades);
    }

    @Test
    void eventsOfAnotherTenantAndEventsThatCannotBeKeptAreCounted() throws IOException {
        Envelope trade = new RawFolder(root, "pi-1").trade("BTC-USDT", 1, 0, RawFolder.START);
        LiveTail tail = open();
        tail.take(
                TRADES,
                2,
                List.of(
                        trade.toBuilder().setTenant("other").build(),
                        trade.toBuilder().setChannel("nonsense").build()));
        tail.flush();
        assertEquals(2, tail.counts().rejected());
        assertEquals(Map.of(TRADES, 2L), tail.offsets());
    }

    @Test
    void aRecordFetchedBeforeASeekIsNotTakenForAHole() {
        LiveOffsets offsets = new LiveOffsets();
        offsets.begin(Map.of(TRADES, 100L));
        assertEquals(LiveOffsets.Verdict.READ_AGAIN, offsets.judge(TRADES, 500));
        assertEquals(LiveOffsets.Verdict.READ_AGAIN, offsets.judge(TRADES, 501));
        assertEquals(LiveOffsets.Verdict.TAKE, offsets.judge(TRADES, 100));
        assertEquals(LiveOffsets.Verdict.SKIP, offsets.judge(TRADES, 100));
        // A real hole: read again from 101, and 103 comes again.
        assertEquals(LiveOffsets.Verdict.READ_AGAIN, offsets.judge(TRADES, 103));
        assertEquals(LiveOffsets.Verdict.TAKE, offsets.judge(TRADES, 103));
        assertEquals(104, offsets.next(TRADES));
    }
}
