package io.tidemark.edge.log;

import java.time.Instant;

/** The log that is being written. Guarded by the event log's lock. */
final class OpenLog {
    final StoredLog stored;
    final LogDevice.Output out;
    long length;
    long synced;
    long records;

    OpenLog(StoredLog stored, LogDevice.Output out, long records) {
        this.stored = stored;
        this.out = out;
        this.length = stored.length();
        this.synced = length;
        this.records = records;
    }

    Instant hour() {
        return stored.hour();
    }
}
