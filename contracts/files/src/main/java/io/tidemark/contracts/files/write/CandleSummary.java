package io.tidemark.contracts.files.write;

/**
 * What a finished candle file holds.
 *
 * @param sha256 of its bytes, in hex
 * @param rowHash of its rows in their order, see {@link io.tidemark.contracts.files.schema.CandleHash}
 * @param minTs first opening time, in microseconds
 * @param maxTs last opening time
 */
public record CandleSummary(long rows, long bytes, String sha256, String rowHash, long minTs, long maxTs) {}
