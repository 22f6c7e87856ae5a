package io.tidemark.edge.segment;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.tidemark.contracts.segment.SegmentPath;
import java.util.ArrayList;
import java.util.List;

/** How sealed logs become segments. */
@ConfigMapping(prefix = "edge.segment")
public interface SegmentSettings {
    /** The segments' format: parquet, or ndjson for the same rows as lines of JSON, compressed with zstd. */
    @WithDefault("parquet")
    String rawFormat();

    /** snappy or zstd; ndjson is always zstd. */
    @WithDefault("snappy")
    String parquetCompression();

    /** Level of zstd, 1 to 22. */
    @WithDefault("3")
    int parquetCompressionLevel();

    /** About how much memory, in MiB, a conversion may take. */
    @WithDefault("8")
    int memoryMb();

    /** How the segments' names end. */
    default String ending() {
        return rawFormat().equals("ndjson") ? SegmentPath.NDJSON : SegmentPath.PARQUET;
    }

    /** One sentence per mistake. */
    default List<String> mistakes() {
        List<String> found = new ArrayList<>();
        if (!List.of("parquet", "ndjson").contains(rawFormat())) {
            found.add("edge.segment.raw-format must be parquet or ndjson, not " + rawFormat());
        }
        if (!List.of("snappy", "zstd").contains(parquetCompression())) {
            found.add("edge.segment.parquet-compression must be snappy or zstd, not " + parquetCompression());
        }
        if (parquetCompressionLevel() < 1 || parquetCompressionLevel() > 22) {
            found.add("edge.segment.parquet-compression-level must be 1 to 22, not " + parquetCompressionLevel());
        }
        if (memoryMb() < 2 || memoryMb() > 1024) {
            found.add("edge.segment.memory-mb must be 2 to 1024, not " + memoryMb());
        }
        return found;
    }
}
