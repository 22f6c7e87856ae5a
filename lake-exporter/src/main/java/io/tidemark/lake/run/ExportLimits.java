package io.tidemark.lake.run;

import io.tidemark.lake.parquet.LakeFileWriter;
import java.time.Duration;

/**
 * The means an export may use. Only {@code layout} has any influence on the bytes it writes.
 *
 * @param workers instruments handled at a time
 * @param memory bytes for sorting, all workers together
 * @param lockWait how long it waits for another export to end
 */
public record ExportLimits(int workers, long memory, Duration lockWait, LakeFileWriter.Layout layout) {}
