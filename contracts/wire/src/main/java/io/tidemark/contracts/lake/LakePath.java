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

    /** What spares a reader the older manifests; never needed, only faster. */
    public static final String EVENT_CHECKPOINTS = EVENT_MANIFESTS + "/checkpoints";

    /** The state of the provisional tail. */
    public static final String LIVE_STATE = "live/_state";

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
        return Part.EVENTS.hour(source, symbol, hour);
    }

    /** The parts of a lake that keep events by event hour, in the same layout. */
    public enum Part {
        /** Sealed. */
        EVENTS("events"),
        /** Provisional, never called sealed. */
        LIVE("live");

        private final String folder;

        Part(String folder) {
            this.folder = folder;
        }

        /** Its folder, relative to the tenant's root. */
        public String folder() {
            return folder;
        }

        /** The folder of an event hour. */
        public String hour(String source, String symbol, Instant hour) {
            return folder + "/" + hourBelow(source, symbol, hour);
        }
    }

    private static String hourBelow(String source, String symbol, Instant hour) {
        ZonedDateTime at = hour.atZone(ZoneOffset.UTC);
        StringBuilder path = new StringBuilder(64)
                .append(PathText.encode(source))
                .append('/')
                .append(PathText.encode(symbol))
                .append('/');
        if (at.getYear() < 1000) {
            path.append(String.format("%04d", at.getYear()));
        } else {
            path.append(at.getYear());
        }
        twoDigits(path, at.getMonthValue());
        twoDigits(path, at.getDayOfMonth());
        twoDigits(path, at.getHour());
        return path.toString();
    }

    /** Without a format, because a large lake makes very many paths. */
    private static void twoDigits(StringBuilder path, int number) {
        path.append('/').append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
