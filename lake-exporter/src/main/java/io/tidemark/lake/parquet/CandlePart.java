package io.tidemark.lake.parquet;

import io.tidemark.contracts.json.JsonFields;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One finished file of candles.
 *
 * @param path relative to the folder of its manifest's run or corpus, with forward slashes
 * @param minTs first opening time, in microseconds since 1970 UTC
 */
public record CandlePart(
        String path, String bucket, String sha256, long bytes, long rows, String rowHash, long minTs, long maxTs) {
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("path", path);
        map.put("bucket", bucket);
        map.put("sha256", sha256);
        map.put("bytes", bytes);
        map.put("rows", rows);
        map.put("row_hash", rowHash);
        map.put("min_ts", minTs);
        map.put("max_ts", maxTs);
        return map;
    }

    /** Throws {@link IllegalArgumentException} naming the field; a path must stay inside the folder. */
    public static CandlePart of(JsonFields fields) {
        String path = fields.text("path");
        if (path.startsWith("/") || path.contains("..") || path.contains("\\") || !path.endsWith(".parquet")) {
            throw new IllegalArgumentException("\"" + path + "\" is no path of a part");
        }
        return new CandlePart(
                path,
                fields.text("bucket"),
                fields.text("sha256"),
                fields.count("bytes"),
                fields.count("rows"),
                fields.text("row_hash"),
                fields.number("min_ts"),
                fields.number("max_ts"));
    }
}
