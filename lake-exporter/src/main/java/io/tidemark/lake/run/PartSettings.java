package io.tidemark.lake.run;

import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.contracts.files.write.WriteOptions.Codec;
import io.tidemark.lake.parquet.CandleParts;
import java.util.List;
import java.util.Map;

/** What both kinds of export say of their files. */
record PartSettings(String bucketFolder, long rowsPerPart, String compression, long compressionLevel) {
    static PartSettings of(ConfigFields fields) {
        String folder = fields.text("bucket_folder", "bucket");
        if (!folder.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}") && !folder.isEmpty()) {
            fields.wrong("bucket_folder", "must be letters, digits, \"_\", \"-\" and \".\", not \"" + folder + "\"");
        }
        return new PartSettings(
                folder,
                fields.number("rows_per_part", 1_000_000L, 1, 1_000_000_000L),
                fields.oneOf("compression", "zstd", List.of("zstd", "snappy")),
                fields.number("compression_level", 3L, 1, 22));
    }

    WriteOptions options() {
        Codec codec = Codec.of(compression);
        return new WriteOptions(
                codec, codec == Codec.ZSTD ? (int) compressionLevel : 0, WriteOptions.LAKE.rowGroupBytes());
    }

    CandleParts.Layout layout() {
        return new CandleParts.Layout(bucketFolder, rowsPerPart, options());
    }

    void into(Map<String, Object> map) {
        map.put("bucket_folder", bucketFolder);
        map.put("rows_per_part", rowsPerPart);
        map.put("compression", compression);
        if (compression.equals("zstd")) {
            map.put("compression_level", compressionLevel);
        }
    }
}
