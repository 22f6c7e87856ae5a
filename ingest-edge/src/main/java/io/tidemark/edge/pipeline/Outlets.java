package io.tidemark.edge.pipeline;

import io.tidemark.edge.log.LogStore;
import java.time.Duration;

/** What takes events out of the log: the way to Kafka and the way into segments. */
interface Outlets {
    /** After the logs were recovered, before the first frame. */
    void start(LogStore store);

    /** Records that have yet to be acknowledged by Kafka. */
    long pending();

    long acknowledged();

    /** Segment files in {@code ready/}. */
    long segments();

    /** Everything is sealed: sends the rest within the limit, then makes segments of all logs. */
    void finish(Duration limit);
}
