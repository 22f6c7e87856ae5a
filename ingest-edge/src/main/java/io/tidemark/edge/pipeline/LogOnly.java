package io.tidemark.edge.pipeline;

import io.tidemark.edge.log.LogStore;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Interim. */
@Singleton
final class LogOnly implements Outlets {
    @Override
    public void start(LogStore store) {}

    @Override
    public long pending() {
        return 0;
    }

    @Override
    public long acknowledged() {
        return 0;
    }

    @Override
    public long segments() {
        return 0;
    }

    @Override
    public void finish(Duration limit) {}
}
