package io.tidemark.sync.command;

import io.tidemark.sync.transfer.StopSignal;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets Ctrl-C and SIGTERM end a command between two reads, instead of in the middle of one. */
final class Interruption implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;

    Interruption(StopSignal stop) {
        hook = new Thread(() -> {
            stop.stop();
            try {
                // The process ends when the hooks do; what hangs longer than this is cleared by the next pass.
                if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    System.err.println("sync-agent: a copy did not end in time");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the shutdown has begun and the hook is running
        }
    }
}
