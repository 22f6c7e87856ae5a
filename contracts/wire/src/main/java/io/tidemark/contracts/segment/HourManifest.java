package io.tidemark.contracts.segment;

import io.tidemark.contracts.json.JsonFields;
import io.tidemark.contracts.json.SelfHash;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Says that an edge's receive hour is complete, and names each of its segments with its hash.
 *
 * <p>Written by the edge once, when every log of the hour is converted, to
 * {@link SegmentPath#manifest(Instant, long)}; never changed. Whoever reads the hour needs no other word that
 * it is whole. The bytes are canonical JSON with their own hash.
 *
 * @param ordinal of the last log that is in it
 * @param files sorted by path
 */
public record HourManifest(
        String tenant, String edge, Instant hour, long ordinal, boolean complete, List<SegmentFile> files) {
    public static final int VERSION = 1;

    /**
     * One segment.
     *
     * @param path relative to {@code ready/}, with forward slashes: {@link SegmentPath#relative()}
     * @param sha256 of the file's bytes, in hex
     * @param rowHash of the file's rows, see the event file writer
     * @param minEventTime nanoseconds since 1970 UTC, like the other three
     */
    public record SegmentFile(
            String path,
            String sha256,
            long bytes,
            long rows,
            String rowHash,
            long minEventTime,
            long maxEventTime,
            long minReceiveTime,
            long maxReceiveTime) {
        public SegmentFile {
            SegmentPath.parse(path);
            if (bytes <= 0 || rows <= 0) {
                throw new IllegalArgumentException(path + ": a segment has bytes and rows");
            }
        }
    }

    public HourManifest {
        if (hour.getEpochSecond() % 3600 != 0 || hour.getNano() != 0) {
            throw new IllegalArgumentException("not the start of an hour: " + hour);
        }
        files = files.stream().sorted(Comparator.comparing(SegmentFile::path)).toList();
        for (SegmentFile file : files) {
            if (!SegmentPath.parse(file.path()).hour().equals(hour)) {
                throw new IllegalArgumentException(file.path() + " is not of the hour " + hour);
            }
        }
    }

    /** Where it stands, relative to {@code ready/}. */
    public String path() {
        return SegmentPath.manifest(hour, ordinal);
    }

    public byte[] toBytes() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", VERSION);
        document.put("tenant", tenant);
        document.put("edge", edge);
        document.put("hour", hour.toString());
        document.put("ordinal", ordinal);
        document.put("complete", complete);
        document.put(
                "files",
                files.stream()
                        .map(file -> Map.of(
                                "path", file.path(),
                                "sha256", file.sha256(),
                                "bytes", file.bytes(),
                                "rows", file.rows(),
                                "row_hash", file.rowHash(),
                                "min_event_time", file.minEventTime(),
                                "max_event_time", file.maxEventTime(),
                                "min_receive_time", file.minReceiveTime(),
                                "max_receive_time", file.maxReceiveTime()))
                        .toList());
        return SelfHash.seal(document);
    }

    /** Throws {@link IllegalArgumentException} saying what is wrong: damaged, another version, a bad field. */
    public static HourManifest parse(byte[] bytes) {
        JsonFields fields = SelfHash.open(bytes);
        if (fields.number("version") != VERSION) {
            throw new IllegalArgumentException("an hour manifest of version " + fields.number("version")
                    + "; this program knows version " + VERSION);
        }
        try {
            return new HourManifest(
                    fields.text("tenant"),
                    fields.text("edge"),
                    Instant.parse(fields.text("hour")),
                    fields.count("ordinal"),
                    fields.flag("complete"),
                    fields.objects("files").stream().map(HourManifest::file).toList());
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("field \"hour\" must be a time", e);
        }
    }

    private static SegmentFile file(JsonFields file) {
        return new SegmentFile(
                file.text("path"),
                file.text("sha256"),
                file.count("bytes"),
                file.count("rows"),
                file.text("row_hash"),
                file.number("min_event_time"),
                file.number("max_event_time"),
                file.number("min_receive_time"),
                file.number("max_receive_time"));
    }
}
