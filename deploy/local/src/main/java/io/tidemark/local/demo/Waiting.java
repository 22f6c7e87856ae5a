package io.tidemark.local.demo;

import io.tidemark.local.stack.LocalStack;
import io.tidemark.local.supervise.StackFailure;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for something to come true for as long as anything moves: a long recording may take hours, but
 * standing still has a limit.
 */
final class Waiting {
    private static final Duration STANDSTILL = Duration.ofSeconds(120);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final LocalStack stack;
    private final Console console;

    Waiting(LocalStack stack, Console console) {
        this.stack = stack;
        this.console = console;
    }

    /** One look at what is waited for. */
    record Look(boolean done, String state) {}

    @FunctionalInterface
    interface Looker {
        Look look();
    }

    /**
     * Looks until done.
     *
     * @param what completes the sentence "... did not come about"
     */
    void until(String what, Looker looker) {
        String last = "";
        long moved = System.nanoTime();
        while (true) {
            stack.check();
            Look look = looker.look();
            if (look.done()) {
                console.say(look.state());
                return;
            }
            console.progress(look.state());
            if (!look.state().equals(last)) {
                last = look.state();
                moved = System.nanoTime();
            } else if (System.nanoTime() - moved > STANDSTILL.toNanos()) {
                throw new StackFailure(what + ": nothing has moved for " + STANDSTILL.toSeconds() + " s (" + last
                        + "); logs are in " + stack.plan().run());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
