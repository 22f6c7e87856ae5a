package io.tidemark.contracts.lake;

import io.tidemark.contracts.segment.PathText;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** Where a tenant's lake keeps what. Texts are relative to the tenant's root and use forward slashes. */
public final class LakePath {
    /** The manifests of the sealed event lake. */
    public static final String EVENT_MANIFESTS = "events/_manifest";

    private LakePath() {}

    /** A tenant's root of its own. */
    public static Path tenantRoot(Path lakeRoot, String tenant) {
        return lakeRoot.resolve(PathText.encode(tenant));
    }

    /** Where an edge's segments are kept, as below its own {@code ready/}. */
    public static String raw(String edge) {
        return "raw/edge=" + PathText.encode(edge);
    }

    /** The folder of an event hour. */
    public static String eventHour(String source, String symbol, Instant hour) {
        ZonedDateTime at = hour.atZone(ZoneOffset.UTC);
        return "events/" + PathText.encode(source) + "/" + PathText.encode(symbol)
                + String.format(
                        "/%04d/%02d/%02d/%02d", at.getYear(), at.getMonthValue(), at.getDayOfMonth(), at.getHour());
    }
}
