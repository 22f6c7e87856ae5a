package io.tidemark.edge.load;

import io.tidemark.edge.poll.Numbers;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;

/**
 * What the user says of the files.
 *
 * @param source the source's name in every event and path
 * @param symbol normalised; empty where the files say it
 * @param timeframe of bars; empty where the files say it
 * @param vendor of bars
 * @param map columns by field: a name, or a number from 0 where there are no names; empty for the usual names
 * @param timeUnit of whole numbers: s, ms, us or ns; empty for a text
 * @param timeFormat of texts, as in Java's DateTimeFormatter; empty for ISO 8601
 * @param zone of times that do not name theirs; empty for the format's own
 * @param date of what a chain of options shows, where the file's name does not hold it
 * @param path to the list of rows in a JSON text
 */
public record LoadOptions(
        String source,
        LoadFormat format,
        String symbol,
        String timeframe,
        String vendor,
        Map<String, String> map,
        String timeUnit,
        String timeFormat,
        Optional<ZoneId> zone,
        String date,
        String path,
        char delimiter,
        boolean header,
        Numbers.Rule rule) {

    /** What decides which events a file gives: the same text, the same events. */
    String signature() {
        return format.label() + "|" + symbol + "|" + timeframe + "|" + vendor + "|" + new java.util.TreeMap<>(map) + "|"
                + timeUnit + "|" + timeFormat + "|" + zone.map(ZoneId::getId).orElse("") + "|" + date + "|" + path
                + "|" + delimiter + "|" + header + "|" + rule;
    }
}
