package io.tidemark.lake.slice;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an instrument, around which candles are wanted.
 *
 * @param line of the file it came from; rows of a Parquet file count from 1
 * @param more what its further columns say
 */
public record Alert(long line, String id, String source, String symbol, long tsMs, List<@Nullable String> more) {}
