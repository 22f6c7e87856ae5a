package io.tidemark.store.migrate;

/** Holds a copy back so that the writers keep their database. */
@FunctionalInterface
public interface Pace {
    /** Returns when more may be copied, after {@code rows} took {@code nanos}. */
    void after(long rows, long nanos) throws InterruptedException;

    /** As fast as it goes. */
    static Pace free() {
        return (rows, nanos) -> {};
    }
}
