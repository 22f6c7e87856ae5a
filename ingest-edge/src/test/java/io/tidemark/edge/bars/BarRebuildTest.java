package io.tidemark.edge.bars;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.edge.Recordings;
import io.tidemark.edge.feed.IntakeRig;
import io.tidemark.edge.log.MemoryJournal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bars against an oracle: over a whole recording, and with a crash behind each batch. */
class BarRebuildTest {
    private static final List<String> INTERVALS = List.of("1s", "1m");

    @TempDir
    Path folder;

    @Test
    void theBarsOfTheRecordedDayEqualThoseComputedFromItsTrades() {
        MemoryJournal journal = new MemoryJournal("binance");
        IntakeRig rig = BarBuilderTest.rig(folder, journal, INTERVALS, List.of());
        for (String file : List.of("btcusdt_20240808.gz", "btcusdt_20240809.gz")) {
            Recordings.numberedLines("captures/binance-spot/" + file, (time, text) -> {
                if (text.contains("@trade")) {
                    rig.clock.set(time);
                    rig.frame(text);
                }
            });
        }
        rig.end();
        Map<NaiveBars.Key, NaiveBars.Row> expected = NaiveBars.of(journal.events("trades"), BarBuilderTest.INTERVALS);
        assertEquals(expected, NaiveBars.latest(journal.events()));
        assertEquals(
                12,
                expected.keySet().stream()
                        .filter(key -> key.timeframe().equals("1m"))
                        .count());
    }

    /** Each batch is there whole or not at all, so a crash is a prefix of the batches. */
    @Test
    void aCrashBehindAnyBatchLeavesTheSameBarsInTheEnd() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        List<String> frames = frames(new Random(seed), 150);
        MemoryJournal whole = new MemoryJournal("binance");
        IntakeRig straight = BarBuilderTest.rig(folder, whole, INTERVALS, List.of());
        feed(straight, frames);
        Map<NaiveBars.Key, NaiveBars.Row> expected = NaiveBars.of(whole.events("trades"), BarBuilderTest.INTERVALS);
        assertEquals(expected, NaiveBars.latest(whole.events()));

        for (int crash = 1; crash < frames.size(); crash++) {
            MemoryJournal first = new MemoryJournal("binance", 1, 0);
            IntakeRig before = BarBuilderTest.rig(folder, first, INTERVALS, List.of());
            frames.subList(0, crash).forEach(before::frame);
            List<Envelope> log = new ArrayList<>(first.events());
            MemoryJournal second = new MemoryJournal("binance", 2, crash);
            IntakeRig after = BarBuilderTest.rig(folder, second, INTERVALS, log);
            feed(after, frames.subList(crash, frames.size()));
            log.addAll(second.events());
            assertEquals(expected, NaiveBars.latest(log), "crash behind frame " + crash + ", seed " + seed);
        }
    }

    /** A plain stop closes open bars; what comes after the start raises their revision. */
    @Test
    void aStopAtAnyPlaceLeavesTheSameBarsInTheEnd() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        List<String> frames = frames(new Random(seed), 150);
        for (int stop = 1; stop < frames.size(); stop += 3) {
            MemoryJournal first = new MemoryJournal("binance", 1, 0);
            IntakeRig before = BarBuilderTest.rig(folder, first, INTERVALS, List.of());
            frames.subList(0, stop).forEach(before::frame);
            before.end();
            List<Envelope> log = new ArrayList<>(first.events());
            MemoryJournal second = new MemoryJournal("binance", 2, stop);
            IntakeRig after = BarBuilderTest.rig(folder, second, INTERVALS, log);
            feed(after, frames.subList(stop, frames.size()));
            log.addAll(second.events());
            List<Envelope> trades = log.stream().filter(Envelope::hasTrade).toList();
            assertEquals(
                    NaiveBars.of(trades, BarBuilderTest.INTERVALS),
                    NaiveBars.latest(log),
                    "stop behind frame " + stop + ", seed " + seed);
        }
    }

    private static void feed(IntakeRig rig, List<String> frames) {
        frames.forEach(rig::frame);
        rig.end();
    }

    /** Two instruments, mostly in order, now and then a late trade or a pause. */
    private static List<String> frames(Random random, int count) {
        List<String> frames = new ArrayList<>();
        long time = 1_700_000_055_000L;
        for (int i = 0; i < count; i++) {
            time += random.nextInt(10) == 0 ? random.nextInt(4000) : random.nextInt(300);
            long at = random.nextInt(12) == 0 ? time - random.nextInt(3500) : time;
            frames.add(BarBuilderTest.frame(
                    random.nextBoolean() ? "BTCUSDT" : "ETHUSDT",
                    at,
                    i + 1,
                    random.nextInt(1, 999) + "." + random.nextInt(100),
                    "0." + random.nextInt(1, 99999)));
        }
        return frames;
    }
}
