package io.tidemark.store.consume;

import io.tidemark.store.admin.WriterControl;
import io.tidemark.store.write.Partition;
import io.tidemark.store.write.WriteCoordinator;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The gate between Kafka and the queue, which an operator closes and opens.
 *
 * <p>While it is closed what was delivered is queued and written, but its delivery does not count as taken: so
 * the connector delivers no more and pauses its partitions, which stay with this process. Any thread.
 */
@Singleton
final class Intake implements WriterControl {
    private static final Logger LOG = Logger.getLogger(Intake.class);

    private final WriteCoordinator coordinator;
    private final Claims claims;
    private CompletableFuture<@Nullable Void> open = CompletableFuture.completedFuture(null);

    @Inject
    Intake(WriteCoordinator coordinator, Claims claims) {
        this.coordinator = coordinator;
        this.claims = claims;
    }

    /** Completes while the gate is open, or when it opens. */
    synchronized CompletableFuture<@Nullable Void> whenOpen() {
        return open;
    }

    @Override
    public synchronized void pause() {
        if (open.isDone()) {
            open = new CompletableFuture<>();
            LOG.info("paused by an operator: nothing more is taken from Kafka");
        }
    }

    @Override
    public void resume() {
        CompletableFuture<@Nullable Void> closed;
        synchronized (this) {
            closed = open;
        }
        if (closed.complete(null)) {
            LOG.info("resumed by an operator");
        }
    }

    @Override
    public synchronized boolean paused() {
        return !open.isDone();
    }

    @Override
    public boolean drain(Duration limit) {
        pause();
        long deadline = System.nanoTime() + limit.toNanos();
        while (!coordinator.idle() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return coordinator.idle();
    }

    @Override
    public int queued() {
        return coordinator.depth();
    }

    @Override
    public List<String> partitions() {
        return claims.held().stream().map(Partition::toString).toList();
    }
}
