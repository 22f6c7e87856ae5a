package io.tidemark.edge.segment;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.ArrayList;
import java.util.List;

/** How sealed logs become segments. */
@ConfigMapping(prefix = "edge.segment")
public interface SegmentSettings {
    /** The segments' format: parquet. */
    @WithDefault("parquet")
    String rawFormat();

    /** snappy or zstd. */
    @WithDefault("snappy")
    String parquetCompression();

    /** Level of zstd, 1 to 22. */
    @WithDefault("3")
    int parquetCompressionLevel();

    /** About how much memory, in MiB, a conversion may take. */
    @WithDefault("8")
    int memoryMb();

    /** One sentence per mistake. */
    default List<String> mistakes() {
        List<String> found = new ArrayList<>();
        if (!rawFormat().equals("parquet")) {
            found.add("edge.segment.raw-format must be parquet, not " + rawFormat());
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
