package io.tidemark.store.write;

/**
 * Open after a few failures in a row, so that one worker at a time asks a database that is away.
 *
 * <p>The coordinator calls it under its own lock.
 */
final class Breaker {
    private final int threshold;
    private int failures;
    private boolean probing;

    Breaker(int threshold) {
        this.threshold = threshold;
    }

    boolean isOpen() {
        return failures >= threshold;
    }

    /** Whether the caller may try now; while open only one caller at a time may. */
    boolean admit() {
        if (!isOpen()) {
            return true;
        }
        if (probing) {
            return false;
        }
        probing = true;
        return true;
    }

    /** Whether this closed it. */
    boolean succeeded() {
        boolean wasOpen = isOpen();
        failures = 0;
        probing = false;
        return wasOpen;
    }

    /** Whether this opened it. */
    boolean failed() {
        failures++;
        probing = false;
        return failures == threshold;
    }

    /** The caller gives up without having learnt anything. */
    void abandoned() {
        probing = false;
    }
}
