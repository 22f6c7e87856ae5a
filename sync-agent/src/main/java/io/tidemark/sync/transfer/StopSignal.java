package io.tidemark.sync.transfer;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Asks everything that waits or copies to end soon. Set once, by any thread. */
public final class StopSignal implements BooleanSupplier {
    private final CountDownLatch stopped = new CountDownLatch(1);

    public void stop() {
        stopped.countDown();
    }

    @Override
    public boolean getAsBoolean() {
        return stopped.getCount() == 0;
    }

    /** Waits, at most until the signal; returns whether it came. An interrupt counts as the signal. */
    public boolean await(Duration time) {
        try {
            return stopped.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
