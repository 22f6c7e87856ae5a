package io.tidemark.contracts.files.write;

/**
 * What a finished file holds. Times are nanoseconds since 1970 UTC and mean nothing where there are no rows.
 *
 * @param bytes length of the file
 * @param sha256 of all its bytes, in hex
 * @param rowHash see {@link io.tidemark.contracts.files.schema.RowHash}
 */
public record FileSummary(
        long rows,
        long bytes,
        String sha256,
        String rowHash,
        long minEventTime,
        long maxEventTime,
        long minReceiveTime,
        long maxReceiveTime) {}
