package io.tidemark.store.sink;

import io.tidemark.store.write.Inbound;

/** What every row has, whatever its table. */
public interface SinkRow {
    String tenant();

    /** Who sent it. */
    String edge();

    /** What decides its partition, nanoseconds since 1970. */
    long time();

    /** The record it was read from, for the dead letter should the database refuse it. */
    Inbound origin();
}
