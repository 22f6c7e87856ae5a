package io.tidemark.exchange.emission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.exchange.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmissionTest {
    private static final Set<String> BOTH = Set.of("a@x", "b@x");
    private static final long PLENTY = 1_000_000;

    @TempDir
    Path folder;

    private final List<Emission<?>> open = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicLong clock = new AtomicLong();

    @AfterEach
    void stopAll() {
        open.forEach(Emission::close);
        assertNull(failure.get());
    }

    @Test
    void everyFrameIsHandedOutOnceAndInOrderAndThenTheClientIsFinished() throws IOException {
        Emission<NumbersTape.Numbers> emission = start(1_000, Pace.unlimited(), true, StateStore.NONE, null);
        RecordingReceiver client = new RecordingReceiver(PLENTY);

        emission.join(client, BOTH, null);
        Await.until("finished", client::isFinished);

        assertEquals(numbers(0, 1_000, BOTH), client.frames());
        EmissionStatus status = settled(emission);
        assertEquals(1_000, status.emitted());
        assertEquals(Map.of("a", 667L, "b", 333L), status.byKind());
        assertTrue(status.finished());
    }

    @Test
    void framesOfStreamsNobodySubscribedToAreSkippedAndCounted() throws IOException {
        Emission<NumbersTape.Numbers> emission = start(999, Pace.unlimited(), true, StateStore.NONE, null);
        RecordingReceiver client = new RecordingReceiver(PLENTY);

        emission.join(client, Set.of("b@x"), null);
        Await.until("finished", client::isFinished);

        assertEquals(333, settled(emission).emitted());
        assertEquals(666, emission.status().skipped());
    }

    @Test
    void nothingIsHandedOutBeyondAClientsRoom() throws IOException {
        Emission<NumbersTape.Numbers> emission = start(1_000, Pace.unlimited(), true, StateStore.NONE, null);
        RecordingReceiver fast = new RecordingReceiver(PLENTY);
        RecordingReceiver slow = new RecordingReceiver(10);

        emission.join(slow, BOTH, null);
        emission.join(fast, BOTH, null);
        Await.until("the slow one is full", () -> slow.count() == 10);
        assertEquals(10, askPassed(emission));

        slow.give(PLENTY);
        emission.wake();
        Await.until("finished", () -> slow.isFinished() && fast.isFinished());
        assertEquals(1_000, slow.count());
    }

    @Test
    void itStandsStillWhileNobodyIsThere() throws IOException {
        Emission<NumbersTape.Numbers> emission = start(1_000, Pace.unlimited(), true, StateStore.NONE, null);
        RecordingReceiver first = new RecordingReceiver(100);
        emission.join(first, BOTH, null);
        Await.until("the first is full", () -> first.count() == 100);
        emission.leave(first);
        assertEquals(100, askPassed(emission));

        RecordingReceiver second = new RecordingReceiver(PLENTY);
        emission.join(second, BOTH, null);
        Await.until("finished", second::isFinished);
        assertEquals(numbers(100, 1_000, BOTH), second.frames());
    }

    @Test
    void theEndWaitsUntilEverythingHasLeftTheProcess() throws IOException {
        Emission<NumbersTape.Numbers> emission = start(10, Pace.unlimited(), true, StateStore.NONE, null);
        RecordingReceiver client = new RecordingReceiver(PLENTY);
        client.hold(true);
        emission.join(client, BOTH, null);
        Await.until("all taken", () -> client.count() == 10);
        assertEquals(10, askPassed(emission));
        assertFalse(client.isFinished());
        assertFalse(emission.status().finished());

        client.hold(false);
        emission.wake();
        Await.until("finished", client::isFinished);
    }

    @Test
    void aClientThatComesAgainAfterTheEndIsFinishedAgainOrGetsWhatItLost() throws IOException {
        Emission<NumbersTape.Numbers> emission = start(100, Pace.unlimited(), true, StateStore.NONE, null);
        RecordingReceiver first = new RecordingReceiver(PLENTY);
        emission.join(first, BOTH, 7L);
        Await.until("finished", first::isFinished);

        RecordingReceiver complete = new RecordingReceiver(PLENTY);
        emission.join(complete, BOTH, 107L);
        Await.until("finished again", complete::isFinished);
        assertEquals(List.of(), complete.frames());

        RecordingReceiver lossy = new RecordingReceiver(PLENTY);
        emission.join(lossy, BOTH, 97L);
        Await.until("finished once more", lossy::isFinished);
        assertEquals(numbers(90, 100, BOTH), lossy.frames());
        assertEquals(100, settled(emission).emitted());
    }

    @Test
    void aResumingClientReplacesItsOlderConnection() throws IOException {
        Emission<NumbersTape.Numbers> emission = start(100, Pace.unlimited(), true, StateStore.NONE, null);
        RecordingReceiver stuck = new RecordingReceiver(20);
        emission.join(stuck, BOTH, 0L);
        Await.until("stuck", () -> stuck.count() == 20);

        RecordingReceiver fresh = new RecordingReceiver(PLENTY);
        emission.join(fresh, BOTH, 15L);
        Await.until("finished", fresh::isFinished);

        assertTrue(stuck.isReplaced());
        assertEquals(numbers(15, 100, BOTH), fresh.frames());
    }

    @Test
    void aClientThatLostItsLogIsServedFromTheBeginning() throws IOException {
        Emission<NumbersTape.Numbers> emission = start(100, Pace.unlimited(), true, StateStore.NONE, null);
        RecordingReceiver first = new RecordingReceiver(50);
        emission.join(first, BOTH, 500L);
        Await.until("half", () -> first.count() == 50);
        emission.leave(first);

        RecordingReceiver second = new RecordingReceiver(PLENTY);
        emission.join(second, BOTH, 0L);
        Await.until("finished", second::isFinished);
        assertEquals(numbers(0, 100, BOTH), second.frames());
    }

    /** The state of a process that may be killed: its thread lives on in this JVM, its saves do not. */
    private static final class MortalStore implements StateStore {
        private final StateFile file;
        private boolean dead;

        MortalStore(StateFile file) {
            this.file = file;
        }

        @Override
        public synchronized void save(RunState state) throws IOException {
            if (!dead) {
                file.save(state);
            }
        }

        synchronized void die() {
            dead = true;
        }
    }

    /** Both sides are killed again and again; what the client's log holds in the end is the tape. */
    @Test
    void killsOfEitherSideAtAnyPlaceLoseAndRepeatNothing() throws IOException {
        long seed = System.nanoTime();
        System.out.println("EmissionTest kills, seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            Set<String> wanted = random.nextBoolean() ? BOTH : Set.of("a@x");
            int count = 200 + random.nextInt(2_000);
            List<String> expected = numbers(0, count, wanted);
            StateFile file = new StateFile(folder.resolve("state-" + round));
            long earlier = random.nextInt(1_000);
            List<String> log = new ArrayList<>();
            MortalStore store = new MortalStore(file);
            Emission<NumbersTape.Numbers> emission = start(count, Pace.unlimited(), true, store, null);
            boolean finished = false;
            while (!finished) {
                RecordingReceiver client =
                        new RecordingReceiver(random.nextInt(10) == 0 ? PLENTY : random.nextInt(count));
                emission.join(client, wanted, earlier + log.size());
                Await.until("full or finished", () -> !client.hasRoom() || client.isFinished());
                finished = client.isFinished();
                List<String> got = client.frames();
                // Of what was handed out, a crash of the client loses any part of the tail.
                log.addAll(finished ? got : got.subList(0, random.nextInt(got.size() + 1)));
                if (!finished && random.nextBoolean()) {
                    emission.leave(client);
                } else if (!finished) {
                    // Abandoned, not closed: a killed process saves nothing either.
                    store.die();
                    store = new MortalStore(file);
                    emission = start(count, Pace.unlimited(), true, store, file.load());
                }
                assertEquals(expected.subList(0, log.size()), log, "seed " + seed);
            }
            assertEquals(expected, log, "seed " + seed);
            assertEquals(expected.size(), settled(emission).emitted());
        }
    }

    @Test
    void theBaseIsOnDiskBeforeTheFirstFrame() throws IOException {
        StateFile file = new StateFile(folder.resolve("state"));
        Emission<NumbersTape.Numbers> emission = start(100, Pace.unlimited(), true, file, null);
        RecordingReceiver client = new RecordingReceiver(1);
        emission.join(client, BOTH, 41L);
        Await.until("one frame", () -> client.count() == 1);

        RunState state = file.load();
        assertEquals(41L, state == null ? null : state.base());
    }

    @Test
    void aRestartKnowsThatEverythingWasEmitted() throws IOException {
        StateFile file = new StateFile(folder.resolve("state"));
        Emission<NumbersTape.Numbers> emission = start(100, Pace.unlimited(), true, file, null);
        RecordingReceiver client = new RecordingReceiver(PLENTY);
        emission.join(client, Set.of("b@x"), 0L);
        Await.until("finished", client::isFinished);

        Emission<NumbersTape.Numbers> again = start(100, Pace.unlimited(), true, file, file.load());
        EmissionStatus status = settled(again);
        assertTrue(status.finished());
        assertEquals(33, status.emitted());
        assertEquals(33, status.position());
        assertEquals(Map.of("b", 33L), status.byKind());
    }

    @Test
    void aPaceFollowsTheTimesOfTheFrames() throws IOException {
        Emission<NumbersTape.Numbers> emission = start(100, Pace.times(2), true, StateStore.NONE, null);
        RecordingReceiver client = new RecordingReceiver(PLENTY);
        emission.join(client, BOTH, null);
        Await.until("the first", () -> client.count() == 1);
        assertEquals(1, askPassed(emission));

        // At twice the speed 10 ms hold 20 ms of the tape.
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(10));
        emission.wake();
        Await.until("twenty more", () -> client.count() == 21);
        assertEquals(21, askPassed(emission));
    }

    @Test
    void withoutPatienceItGoesOnByTheClock() throws IOException {
        Emission<NumbersTape.Numbers> emission = start(100, Pace.times(1), false, StateStore.NONE, null);
        RecordingReceiver first = new RecordingReceiver(PLENTY);
        emission.join(first, BOTH, 0L);
        Await.until("the first", () -> first.count() == 1);
        emission.leave(first);
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(50));
        emission.wake();
        Await.until("fifty are gone", () -> emission.status().emitted() == 51);

        RecordingReceiver second = new RecordingReceiver(PLENTY);
        emission.join(second, BOTH, 1L);
        assertEquals(51, askPassed(emission));
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        emission.wake();
        Await.until("finished", second::isFinished);
        assertEquals(numbers(51, 100, BOTH), second.frames());
    }

    private Emission<NumbersTape.Numbers> start(
            int count, Pace pace, boolean patient, StateStore store, @org.jspecify.annotations.Nullable RunState state)
            throws IOException {
        NumbersTape tape = new NumbersTape(count);
        Emission<NumbersTape.Numbers> emission = new Emission<>(
                tape,
                pace,
                patient,
                Disturbance.NONE,
                state == null ? RunState.fresh(tape.fingerprint(), null) : state,
                store,
                clock::get,
                failure::set);
        open.add(emission);
        emission.start();
        return emission;
    }

    /** What lies behind, asked of the emission's own thread after all it had to do before. */
    private static int askPassed(Emission<NumbersTape.Numbers> emission) {
        try {
            return emission.ask(NumbersTape.Numbers::passed)
                    .toCompletableFuture()
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw new AssertionError(e);
        }
    }

    private static EmissionStatus settled(Emission<NumbersTape.Numbers> emission) {
        Await.until(
                "settled",
                () -> emission.status().finished() && !emission.status().seeking());
        askPassed(emission);
        return emission.status();
    }

    private static List<String> numbers(int from, int to, Set<String> wanted) {
        return IntStream.range(0, to)
                .filter(i -> wanted.contains(i % 3 == 2 ? "b@x" : "a@x"))
                .skip(from)
                .mapToObj(Integer::toString)
                .toList();
    }
}
