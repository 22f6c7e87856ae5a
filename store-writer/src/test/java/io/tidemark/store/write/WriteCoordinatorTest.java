package io.tidemark.store.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.MemorySize;
import io.tidemark.contracts.failure.FailureKind;
import io.tidemark.store.stack.Await;
import io.tidemark.store.stack.Bars;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WriteCoordinatorTest {
    private static final Partition ONE = new Partition("bars", 1);
    private static final Partition TWO = new Partition("bars", 2);
    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<Partition> lost = new CopyOnWriteArrayList<>();
    private final List<WriteCoordinator> started = new ArrayList<>();

    private record Settings(
            int workers, int queueMax, int flushRows, Duration flushInterval, OverflowPolicy overflowPolicy)
            implements WriteSettings {
        Settings(int workers, int queueMax, int flushRows, Duration flushInterval) {
            this(workers, queueMax, flushRows, flushInterval, OverflowPolicy.BLOCK);
        }

        @Override
        public int maxBatchSize() {
            return 1_000;
        }

        @Override
        public MemorySize flushBytes() {
            return new MemorySize(BigInteger.valueOf(1 << 20));
        }

        @Override
        public Map<String, OverflowPolicy> overflow() {
            return Map.of();
        }

        @Override
        public Duration drainTimeout() {
            return SOON;
        }
    }

    private WriteCoordinator start(Settings settings, BatchWriter writer) {
        WriteCoordinator coordinator = new WriteCoordinator(settings, writer, lost::add, new Random(1));
        coordinator.open(ONE, 1);
        coordinator.open(TWO, 1);
        coordinator.start();
        started.add(coordinator);
        return coordinator;
    }

    @AfterEach
    void stopAll() {
        started.forEach(coordinator -> coordinator.drain(Duration.ZERO));
    }

    private static Batch batch(Partition partition, long from, int count) {
        List<Inbound> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(new Inbound(from + i, null, new byte[10]));
        }
        return new Batch(partition, 1, from, from + count, records);
    }

    @Test
    void aPartitionKeepsItsOrderAndNeverHasTwoWorkers() {
        ConcurrentMap<Partition, Long> next = new ConcurrentHashMap<>();
        ConcurrentMap<Partition, AtomicInteger> busy = new ConcurrentHashMap<>();
        List<String> wrong = new CopyOnWriteArrayList<>();
        WriteCoordinator coordinator = start(new Settings(4, 10, 20, Duration.ZERO), batch -> {
            AtomicInteger workers = busy.computeIfAbsent(batch.partition(), ignored -> new AtomicInteger());
            if (workers.incrementAndGet() != 1 || next.getOrDefault(batch.partition(), 0L) != batch.from()) {
                wrong.add(batch.partition() + " " + batch.from());
            }
            next.put(batch.partition(), batch.next());
            workers.decrementAndGet();
        });
        for (int i = 0; i < 500; i++) {
            coordinator.offer(batch(ONE, i * 7L, 7)).toCompletableFuture().join();
            coordinator.offer(batch(TWO, i * 5L, 5)).toCompletableFuture().join();
        }
        assertTrue(coordinator.drain(SOON));
        assertEquals(List.of(), wrong);
        assertEquals(3_500L, next.get(ONE));
        assertEquals(2_500L, next.get(TWO));
        assertEquals(1_000, coordinator.accepted());
    }

    @Test
    void aFullQueueBlocksTheCallerUntilThereIsRoom() {
        CountDownLatch go = new CountDownLatch(1);
        WriteCoordinator coordinator = start(new Settings(1, 2, 10, Duration.ZERO), batch -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        List<CompletableFuture<?>> offers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            offers.add(coordinator.offer(batch(ONE, i * 10L, 10)).toCompletableFuture());
        }
        Await.until(SOON, () -> "one is being written", () -> offers.get(2).isDone());
        assertFalse(offers.get(3).isDone());
        assertEquals(2, coordinator.depth());
        go.countDown();
        Await.until(SOON, () -> "there is room", () -> offers.get(3).isDone());
        assertTrue(coordinator.drain(SOON));
    }

    /** Offers ten batches of ten while the first is being written and two may wait; what was written then. */
    private List<Batch> overflowing(OverflowPolicy policy) {
        CountDownLatch go = new CountDownLatch(1);
        List<Batch> written = new CopyOnWriteArrayList<>();
        WriteCoordinator coordinator = start(new Settings(1, 2, 10, Duration.ZERO, policy), batch -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            written.add(batch);
        });
        for (int i = 0; i < 10; i++) {
            coordinator.offer(events(i * 10L, 10)).toCompletableFuture().join();
            if (i == 0) {
                Await.until(SOON, () -> "the first is being written", () -> coordinator.depth() == 0);
            }
        }
        assertEquals(2, coordinator.depth());
        go.countDown();
        assertTrue(coordinator.drain(SOON));
        long next = 0;
        for (Batch batch : written) {
            assertEquals(next, batch.from());
            next = batch.next();
        }
        assertEquals(100, next);
        return written;
    }

    private static Batch events(long from, int count) {
        List<Inbound> records = new ArrayList<>();
        for (long i = from; i < from + count; i++) {
            byte[] value = Bars.bar("BTC-USD", Bars.AUGUST, "1")
                    .setSequence(1_000 + i)
                    .build()
                    .toByteArray();
            records.add(new Inbound(i, null, value));
        }
        return new Batch(ONE, 1, from, from + count, records);
    }

    private static String drops(List<Batch> written) {
        StringBuilder text = new StringBuilder();
        for (Batch batch : written) {
            for (Drop drop : batch.drops()) {
                text.append(drop.reason() + " " + drop.first() + ".." + (drop.next() - 1) + " " + drop.records() + " "
                        + drop.identities().json() + "\n");
            }
        }
        return text.toString();
    }

    private static List<Long> offsets(List<Batch> written) {
        return written.stream()
                .flatMap(batch -> batch.records().stream())
                .map(Inbound::offset)
                .filter(offset -> offset % 10 == 0)
                .toList();
    }

    @Test
    void theNewestIsDroppedAndItsRangeNamed() {
        List<Batch> written = overflowing(OverflowPolicy.DROP_NEWEST);
        assertEquals(List.of(0L, 10L, 20L), offsets(written));
        assertEquals(
                "drop_newest 30..99 70 [{\"channel\":\"bars-1s\",\"count\":70,\"edge\":\"edge-1\",\"first\":1030,"
                        + "\"incarnation\":1,\"last\":1099,\"source\":\"binance\",\"symbol\":\"BTC-USD\"}]\n",
                drops(written));
    }

    @Test
    void theOldestIsDroppedAndItsRangeNamed() {
        List<Batch> written = overflowing(OverflowPolicy.DROP_OLDEST);
        assertEquals(List.of(0L, 80L, 90L), offsets(written));
        assertEquals(
                "drop_oldest 10..79 70 [{\"channel\":\"bars-1s\",\"count\":70,\"edge\":\"edge-1\",\"first\":1010,"
                        + "\"incarnation\":1,\"last\":1079,\"source\":\"binance\",\"symbol\":\"BTC-USD\"}]\n",
                drops(written));
    }

    @Test
    void smallBatchesAreWrittenTogetherUpToTheLimit() {
        CountDownLatch go = new CountDownLatch(1);
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        WriteCoordinator coordinator = start(new Settings(1, 100, 25, Duration.ZERO), batch -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            sizes.add(batch.records().size());
        });
        for (int i = 0; i < 6; i++) {
            coordinator.offer(batch(ONE, i * 10L, 10)).toCompletableFuture().join();
            if (i == 0) {
                Await.until(SOON, () -> "the first is being written", () -> coordinator.depth() == 0);
            }
        }
        go.countDown();
        assertTrue(coordinator.drain(SOON));
        assertEquals(List.of(10, 20, 20, 10), sizes);
    }

    @Test
    void aFailureIsRepeatedUntilItIsWritten() {
        AtomicInteger attempts = new AtomicInteger();
        WriteCoordinator coordinator = start(new Settings(1, 10, 10, Duration.ZERO), batch -> {
            int attempt = attempts.incrementAndGet();
            if (attempt == 1) {
                throw new IllegalStateException("a defect");
            }
            if (attempt <= 4) {
                throw new WriteException(FailureKind.TRANSIENT, "away", new IllegalStateException());
            }
        });
        coordinator.offer(batch(ONE, 0, 1)).toCompletableFuture().join();
        Await.until(SOON, () -> "written", () -> attempts.get() == 5);
        assertTrue(coordinator.drain(SOON));
        assertFalse(coordinator.breakerOpen());
    }

    @Test
    void theBreakerOpensWhileEverythingFails() {
        WriteCoordinator coordinator = start(new Settings(2, 10, 10, Duration.ZERO), batch -> {
            throw new WriteException(FailureKind.TRANSIENT, "away", new IllegalStateException());
        });
        coordinator.offer(batch(ONE, 0, 1)).toCompletableFuture().join();
        coordinator.offer(batch(TWO, 0, 1)).toCompletableFuture().join();
        Await.until(SOON, () -> "open", coordinator::breakerOpen);
        assertFalse(coordinator.drain(Duration.ofMillis(1)));
    }

    @Test
    void aLostPartitionIsForgottenAndToldOf() {
        List<Batch> written = new CopyOnWriteArrayList<>();
        WriteCoordinator coordinator = start(new Settings(1, 10, 1, Duration.ZERO), batch -> {
            if (batch.partition().equals(ONE)) {
                throw new PartitionLostException("another writer");
            }
            written.add(batch);
        });
        coordinator.offer(batch(ONE, 0, 1)).toCompletableFuture().join();
        coordinator.offer(batch(ONE, 1, 1)).toCompletableFuture().join();
        coordinator.offer(batch(TWO, 0, 1)).toCompletableFuture().join();
        Await.until(SOON, () -> "told", () -> lost.equals(List.of(ONE)));
        assertTrue(coordinator.drain(SOON));
        assertEquals(1, written.size());
    }

    @Test
    void anOfferUnderAnOldClaimIsLetGo() {
        List<Batch> written = new CopyOnWriteArrayList<>();
        WriteCoordinator coordinator = start(new Settings(1, 10, 1, Duration.ZERO), written::add);
        coordinator.open(ONE, 2);
        coordinator.offer(batch(ONE, 0, 1)).toCompletableFuture().join();
        assertTrue(coordinator.drain(SOON));
        assertEquals(List.of(), written);
    }

    @Test
    void waitsStayBetweenAMillisecondAndTheCeiling() {
        Backoff backoff = new Backoff(50, 5_000, new Random(3));
        for (int attempt = 1; attempt < 100; attempt++) {
            long millis = backoff.millis(attempt);
            assertTrue(millis >= 1 && millis <= Math.min(5_000, 50L << Math.min(attempt - 1, 30)), "" + millis);
        }
    }
}
