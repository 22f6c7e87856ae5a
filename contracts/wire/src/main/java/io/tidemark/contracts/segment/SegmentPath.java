package io.tidemark.contracts.segment;

import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.Connector;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of one segment below {@code ready/}, and below {@code raw/edge=<edge>/} in the lake.
 *
 * @param hour start of the receive hour
 * @param ordinal of the log it was made from; only grows, per source
 * @param ending {@code parquet} or {@code ndjson.zst}
 */
public record SegmentPath(
        Connector connector, String channel, String source, String symbol, Instant hour, long ordinal, String ending) {
    public static final String PARQUET = "parquet";
    public static final String NDJSON = "ndjson.zst";
    /** The folder of the hour manifests. */
    public static final String MANIFESTS = "_manifest";
    /** The folder of the receipts that allow deletion. */
    public static final String RECEIPTS = "_receipts";

    private static final Pattern SHAPE = Pattern.compile(
            "(ws|rest|load)/([A-Za-z0-9-]+)/exchange=([^/]+)/symbol=([^/]+)"
                    + "/year=(\\d{4})/month=(\\d{2})/day=(\\d{2})/hour=(\\d{2})/(\\d{2})_(\\d{10,19})\\.(parquet|ndjson\\.zst)");

    public SegmentPath {
        Channel.of(channel);
        if (ordinal < 0) {
            throw new IllegalArgumentException("a segment's ordinal is not negative: " + ordinal);
        }
        if (hour.getEpochSecond() % 3600 != 0 || hour.getNano() != 0) {
            throw new IllegalArgumentException("not the start of an hour: " + hour);
        }
    }

    /** Start of the hour that holds a time in nanoseconds since 1970 UTC. */
    public static Instant hourOf(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 3_600_000_000_000L) * 3600);
    }

    /** With forward slashes, relative to {@code ready/}. */
    public String relative() {
        ZonedDateTime at = hour.atZone(ZoneOffset.UTC);
        return connector.label() + "/" + channel + "/exchange=" + PathText.encode(source) + "/symbol="
                + PathText.encode(symbol)
                + String.format(
                        "/year=%04d/month=%02d/day=%02d/hour=%02d/%02d_%010d.%s",
                        at.getYear(),
                        at.getMonthValue(),
                        at.getDayOfMonth(),
                        at.getHour(),
                        at.getHour(),
                        ordinal,
                        ending);
    }

    /** Throws {@link IllegalArgumentException} naming the path when it is none of a segment. */
    public static SegmentPath parse(String relative) {
        Matcher match = SHAPE.matcher(relative);
        if (!match.matches() || !match.group(8).equals(match.group(9))) {
            throw new IllegalArgumentException("not a segment's path: \"" + relative + "\"");
        }
        try {
            Instant hour = ZonedDateTime.of(
                            Integer.parseInt(match.group(5)),
                            Integer.parseInt(match.group(6)),
                            Integer.parseInt(match.group(7)),
                            Integer.parseInt(match.group(8)),
                            0,
                            0,
                            0,
                            ZoneOffset.UTC)
                    .toInstant();
            return new SegmentPath(
                    Connector.of(match.group(1)),
                    match.group(2),
                    PathText.decode(match.group(3)),
                    PathText.decode(match.group(4)),
                    hour,
                    Long.parseLong(match.group(10)),
                    match.group(11));
        } catch (java.time.DateTimeException | IllegalArgumentException e) {
            throw new IllegalArgumentException("not a segment's path: \"" + relative + "\"", e);
        }
    }

    /** The name of an hour's manifest, relative to {@code ready/}. */
    public static String manifest(Instant hour, long ordinal) {
        ZonedDateTime at = hour.atZone(ZoneOffset.UTC);
        return String.format(
                "%s/%04d%02d%02dT%02d_%010d.json",
                MANIFESTS, at.getYear(), at.getMonthValue(), at.getDayOfMonth(), at.getHour(), ordinal);
    }

    /** The receipt of a file, relative to the same folder as the file. */
    public static String receipt(String relative) {
        return RECEIPTS + "/" + relative + ".json";
    }
}
