package io.tidemark.lake.flight;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends a piece of work when its time is over, its client has gone, or the service stops.
 *
 * <p>An interruption of the engine is lost when it falls between two of its steps, so it is repeated until the
 * work has ended.
 */
final class Watch implements AutoCloseable {
    private static final long REPEAT_MILLIS = 20;

    /** Why the work has to end. */
    enum Reason {
        CLIENT,
        TIME,
        SHUTDOWN
    }

    private final ScheduledExecutorService timer;
    private final AtomicReference<@Nullable Reason> reason = new AtomicReference<>();
    private final ScheduledFuture<?> deadline;
    private @Nullable Statement running;
    private @Nullable Thread worker;
    private @Nullable ScheduledFuture<?> repeat;
    private boolean closed;

    Watch(ScheduledExecutorService timer, Duration limit) {
        this.timer = timer;
        this.deadline = timer.schedule(() -> stop(Reason.TIME), limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The statement that the calling thread is about to run. */
    synchronized void run(Statement statement) {
        running = statement;
        worker = Thread.currentThread();
    }

    /** Ends the work; the first reason counts. */
    void stop(Reason why) {
        if (!reason.compareAndSet(null, why)) {
            return;
        }
        synchronized (this) {
            if (!closed) {
                repeat = timer.scheduleWithFixedDelay(this::interrupt, 0, REPEAT_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Why the work has to end, if it has to. */
    @Nullable
    Reason reason() {
        return reason.get();
    }

    /** Called from the transport when a client can take more. */
    void wake() {
        Thread waiting;
        synchronized (this) {
            waiting = worker;
        }
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    private synchronized void interrupt() {
        if (closed) {
            return;
        }
        if (worker != null) {
            LockSupport.unpark(worker);
        }
        if (running != null) {
            try {
                running.cancel();
            } catch (SQLException e) {
                // Already closed: there is nothing left to interrupt.
                running = null;
            }
        }
    }

    /** The work has ended; nothing is interrupted any more. Call it before the statement is closed. */
    @Override
    public synchronized void close() {
        closed = true;
        running = null;
        worker = null;
        deadline.cancel(false);
        if (repeat != null) {
            repeat.cancel(false);
        }
    }
}
