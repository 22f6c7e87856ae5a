package io.tidemark.store.consume;

import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** How far the start is and what is away, for readiness and for those that must wait. Any thread. */
@Singleton
final class StoreState {
    private volatile boolean schemaReady;
    private volatile boolean topicsReady;
    private volatile boolean stopping;
    private volatile @Nullable String databaseProblem = "not asked yet";
    private volatile @Nullable String brokerProblem = "not asked yet";

    boolean isSchemaReady() {
        return schemaReady;
    }

    void schemaReady() {
        schemaReady = true;
    }

    boolean areTopicsReady() {
        return topicsReady;
    }

    void topicsReady() {
        topicsReady = true;
    }

    boolean isStopping() {
        return stopping;
    }

    void stopping() {
        stopping = true;
    }

    /** Null while the database answers. */
    @Nullable
    String databaseProblem() {
        return databaseProblem;
    }

    void database(@Nullable String problem) {
        databaseProblem = problem;
    }

    /** Null while the broker answers. */
    @Nullable
    String brokerProblem() {
        return brokerProblem;
    }

    void broker(@Nullable String problem) {
        brokerProblem = problem;
    }
}
