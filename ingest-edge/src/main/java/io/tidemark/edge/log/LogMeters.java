package io.tidemark.edge.log;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What the log tells of itself. */
final class LogMeters {
    private final Counter records;
    private final Counter bytes;
    private final Counter blocks;
    private final Timer syncs;
    private final Counter syncFailures;
    private final Counter writeFailures;
    private final Counter tornBytes;
    private final Counter quarantined;

    LogMeters(MeterRegistry meters) {
        records = meters.counter("edge_log_records_total");
        bytes = meters.counter("edge_log_bytes_total");
        blocks = meters.counter("edge_log_blocks_total");
        syncs = meters.timer("edge_log_fsync_seconds");
        syncFailures = meters.counter("edge_log_fsync_failures_total");
        writeFailures = meters.counter("edge_log_write_failures_total");
        tornBytes = meters.counter("edge_log_torn_bytes_total");
        quarantined = meters.counter("edge_log_quarantined_total");
    }

    void written(int count, int length) {
        records.increment(count);
        bytes.increment(length);
        blocks.increment();
    }

    void synced(long nanos) {
        syncs.record(nanos, TimeUnit.NANOSECONDS);
    }

    void syncFailed() {
        syncFailures.increment();
    }

    void writeFailed() {
        writeFailures.increment();
    }

    void recovered(LogRecovery.Report report) {
        tornBytes.increment(report.tornBytes());
        quarantined.increment(report.quarantined());
    }
}
