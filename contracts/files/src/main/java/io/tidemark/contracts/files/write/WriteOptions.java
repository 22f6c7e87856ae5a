package io.tidemark.contracts.files.write;

import java.util.Locale;

/**
 * How a file is written. What is not here is fixed by the format.
 *
 * @param codec compression of all pages
 * @param level of zstd, 1 to 22; snappy has none
 * @param rowGroupBytes a row group is written out when it holds about this much; the bound on a writer's memory
 */
public record WriteOptions(Codec codec, int level, int rowGroupBytes) {
    /** Rows of a full row group. */
    public static final int ROW_GROUP_ROWS = 122_880;

    /** For an edge with a small heap and many open files. */
    public static final WriteOptions EDGE = new WriteOptions(Codec.SNAPPY, 0, 1 << 20);

    public static final WriteOptions LAKE = new WriteOptions(Codec.ZSTD, 3, 8 << 20);

    /** Compression. */
    public enum Codec {
        ZSTD,
        SNAPPY;

        /** Throws {@link IllegalArgumentException} for another name. */
        public static Codec of(String name) {
            for (Codec codec : values()) {
                if (codec.label().equals(name)) {
                    return codec;
                }
            }
            throw new IllegalArgumentException("unknown compression \"" + name + "\" (zstd or snappy)");
        }

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public WriteOptions {
        if (codec == Codec.ZSTD && (level < 1 || level > 22)) {
            throw new IllegalArgumentException("zstd has levels 1 to 22, not " + level);
        }
        if (rowGroupBytes < 64 << 10) {
            throw new IllegalArgumentException("a row group needs at least 64 KiB, not " + rowGroupBytes);
        }
    }
}
