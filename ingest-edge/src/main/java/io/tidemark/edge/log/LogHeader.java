package io.tidemark.edge.log;

import java.time.Instant;
import java.util.UUID;

/**
 * What stands at the front of a log.
 *
 * @param segment names the log in the headers of Kafka records
 * @param hour the receive hour whose batches it holds
 * @param before totals of all earlier logs of the source
 * @param cutOrdinal the earlier log of which only {@code cutLength} bytes count, because an fsync of it failed and
 *     the rest was written again into this one; -1 for none
 */
public record LogHeader(
        UUID segment,
        String edge,
        String tenant,
        String source,
        long incarnation,
        long ordinal,
        Instant hour,
        LogTotals before,
        long cutOrdinal,
        long cutLength) {}
