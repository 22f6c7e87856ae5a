package io.tidemark.store.admin;

import java.time.Duration;
import java.util.List;

/** What an operator can do with the running writer; the package that sees Kafka implements it. Any thread. */
public interface WriterControl {
    /** Takes nothing more from Kafka; what is queued is written. Lasts until {@link #resume} or the next start. */
    void pause();

    void resume();

    boolean paused();

    /** Pauses and waits until what was taken is written; false when that took too long. */
    boolean drain(Duration limit);

    /** Batches that wait. */
    int queued();

    /** Partitions that this process writes at the moment, as topic/number. */
    List<String> partitions();
}
