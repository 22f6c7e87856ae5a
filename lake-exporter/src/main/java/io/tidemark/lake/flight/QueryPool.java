package io.tidemark.lake.flight;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.memory.BufferAllocator;
import org.duckdb.DuckDBConnection;

/** So many queries at a time, so many waiting, and no more; no thread of the transport ever waits for one. */
final class QueryPool implements AutoCloseable {
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);
    private static final long LONGEST_WAIT_SECONDS = 5;

    private final CurrentLake lake;
    private final BufferAllocator allocator;
    private final FlightOptions.Limits limits;
    private final FlightMetrics metrics;
    private final Planner planner;
    private final Semaphore planning;
    private final ThreadPoolExecutor workers;
    private final ScheduledThreadPoolExecutor timer;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

    QueryPool(CurrentLake lake, BufferAllocator allocator, FlightOptions.Limits limits, FlightMetrics metrics) {
        this.lake = lake;
        this.allocator = allocator;
        this.limits = limits;
        this.metrics = metrics;
        this.planner = new Planner(allocator);
        this.planning = new Semaphore(limits.maxQueries());
        AtomicInteger number = new AtomicInteger();
        this.workers = new ThreadPoolExecutor(
                limits.maxQueries(),
                limits.maxQueries(),
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(limits.maxWaiting()),
                task -> daemon(task, "flight-query-" + number.incrementAndGet()));
        this.workers.allowCoreThreadTimeOut(true);
        metrics.watchQueue(workers.getQueue());
        this.timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "flight-timer"));
        this.timer.setRemoveOnCancelPolicy(true);
    }

    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    /** Checks and plans on the calling thread, which waits for a short time at most. */
    Plan plan(String sql) {
        boolean admitted = false;
        try {
            admitted = planning.tryAcquire(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
            if (!admitted) {
                throw busy();
            }
            return planNow(sql);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CallStatus.UNAVAILABLE
                    .withDescription("the service is stopping")
                    .toRuntimeException();
        } finally {
            if (admitted) {
                planning.release();
            }
        }
    }

    private Plan planNow(String sql) {
        try (Watch watch = new Watch(timer, limits.planTimeout())) {
            watches.add(watch);
            try (CurrentLake.Lease lease = lake.lease();
                    DuckDBConnection connection = lease.engine().connect()) {
                return planner.plan(lease.engine(), connection, sql, watch);
            } catch (RefusedException e) {
                metrics.refused();
                throw Answers.of(e, watch);
            } catch (SQLException | RuntimeException e) {
                throw Answers.of(e, watch);
            } finally {
                watches.remove(watch);
            }
        }
    }

    /** Streams a handle's result to the client from a worker. Called from, and never holding, a transport thread. */
    void stream(Handles.Handle handle, ServerStreamListener client, Runnable afterwards) {
        Watch watch = new Watch(timer, limits.queryTimeout());
        watches.add(watch);
        handle.running().add(watch);
        client.setOnCancelHandler(() -> watch.stop(Watch.Reason.CLIENT));
        client.setOnReadyHandler(watch::wake);
        QueryRun run = new QueryRun(
                lake, handle.plan(), handle.parameters(), client, watch, allocator, limits.maxRows(), metrics);
        try {
            workers.execute(() -> {
                try {
                    run.run();
                } finally {
                    watches.remove(watch);
                    handle.running().remove(watch);
                    afterwards.run();
                }
            });
        } catch (RejectedExecutionException e) {
            watch.close();
            watches.remove(watch);
            handle.running().remove(watch);
            metrics.turnedAway();
            client.error(busy());
        }
    }

    private FlightRuntimeException busy() {
        return CallStatus.RESOURCE_EXHAUSTED
                .withDescription("the service is busy with " + limits.maxQueries() + " queries and "
                        + limits.maxWaiting() + " wait already; try again later")
                .toRuntimeException();
    }

    @Override
    public void close() {
        workers.shutdown();
        watches.forEach(watch -> watch.stop(Watch.Reason.SHUTDOWN));
        try {
            if (!workers.awaitTermination(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        timer.shutdownNow();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
