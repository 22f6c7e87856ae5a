package io.tidemark.contracts.lake;

import io.tidemark.contracts.json.JsonFields;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One file of the event lake, sealed or of its provisional tail; the path tells which. It holds events of one
 * source, symbol and event hour, of any kind but frames, in the order of event time and then identity.
 *
 * @param path relative to the tenant's root, with forward slashes
 * @param hour start of the event hour
 * @param sha256 of the file's bytes, in hex
 * @param rowHash of its rows; adds up over files, see the event file writer
 * @param minEventTime nanoseconds since 1970 UTC
 * @param streams what it holds of each stream; sorted, never empty
 */
public record LakeFile(
        String path,
        String source,
        String symbol,
        Instant hour,
        String sha256,
        long bytes,
        long rows,
        String rowHash,
        long minEventTime,
        long maxEventTime,
        List<StreamRange> streams) {

    /**
     * The events of one stream in one file.
     *
     * @param first lowest capture sequence
     * @param last highest capture sequence
     * @param count of events; equal to {@code last - first + 1} where none in between is elsewhere
     */
    public record StreamRange(String edge, long incarnation, String channel, long first, long last, long count) {
        public StreamRange {
            if (count <= 0 || first < 0 || last < first || count - 1 > last - first) {
                throw new IllegalArgumentException(
                        "no range of sequences: " + first + " to " + last + ", " + count + " events");
            }
        }

        /** Whether every sequence from first to last is in the file. */
        public boolean isExact() {
            return count == last - first + 1;
        }

        static final Comparator<StreamRange> ORDER = Comparator.comparing(StreamRange::edge)
                .thenComparing(StreamRange::incarnation)
                .thenComparing(StreamRange::channel);
    }

    public LakeFile {
        streams = streams.stream().sorted(StreamRange.ORDER).toList();
        long counted = streams.stream().mapToLong(StreamRange::count).sum();
        if (rows <= 0 || counted != rows) {
            throw new IllegalArgumentException(path + ": " + rows + " rows, but its streams have " + counted);
        }
        LakePath.Part part =
                path.startsWith(LakePath.Part.LIVE.folder() + "/") ? LakePath.Part.LIVE : LakePath.Part.EVENTS;
        boolean placed = path.startsWith(part.hour(source, symbol, hour) + "/");
        if (!placed || path.contains("/../") || !path.endsWith(".parquet")) {
            throw new IllegalArgumentException(path + " is no event file of its hour");
        }
    }

    /** Rows per channel, such as {@code trades} or {@code bars-1m}, sorted by name. */
    public Map<String, Long> channels() {
        Map<String, Long> channels = new java.util.TreeMap<>();
        streams.forEach(range -> channels.merge(range.channel(), range.count(), Long::sum));
        return channels;
    }

    /** Whether it is of the provisional tail. */
    public boolean isLive() {
        return path.startsWith(LakePath.Part.LIVE.folder() + "/");
    }

    /** Whether it holds anything of a kind: a channel by its name, or all of {@code bars} by that. */
    public boolean holds(String kind) {
        return streams.stream()
                .anyMatch(
                        range -> range.channel().equals(kind) || range.channel().startsWith(kind + "-"));
    }

    /** As in a manifest. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("path", path);
        map.put("source", source);
        map.put("symbol", symbol);
        map.put("hour", hour.toString());
        map.put("sha256", sha256);
        map.put("bytes", bytes);
        map.put("rows", rows);
        map.put("row_hash", rowHash);
        map.put("min_event_time", minEventTime);
        map.put("max_event_time", maxEventTime);
        map.put(
                "streams",
                streams.stream()
                        .map(range -> Map.of(
                                "edge", range.edge(),
                                "incarnation", range.incarnation(),
                                "channel", range.channel(),
                                "first", range.first(),
                                "last", range.last(),
                                "count", range.count()))
                        .toList());
        return map;
    }

    /** The reverse of {@link #toMap}. Throws {@link IllegalArgumentException} naming the field that is wrong. */
    public static LakeFile of(JsonFields fields) {
        List<StreamRange> streams = new ArrayList<>();
        for (JsonFields range : fields.objects("streams")) {
            streams.add(new StreamRange(
                    range.text("edge"),
                    range.count("incarnation"),
                    range.text("channel"),
                    range.count("first"),
                    range.count("last"),
                    range.count("count")));
        }
        try {
            return new LakeFile(
                    fields.text("path"),
                    fields.text("source"),
                    fields.text("symbol"),
                    Instant.parse(fields.text("hour")),
                    fields.text("sha256"),
                    fields.count("bytes"),
                    fields.count("rows"),
                    fields.text("row_hash"),
                    fields.number("min_event_time"),
                    fields.number("max_event_time"),
                    streams);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("field \"hour\" must be a time", e);
        }
    }
}
