package io.tidemark.lake.run;

import io.tidemark.lake.slice.Range;
import io.tidemark.lake.slice.Timeframe;
import io.tidemark.lake.source.CandleSource.SeriesFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a corpus is asked for; the published schema is {@code corpus.schema.json} beside this class.
 *
 * @param range of opening times
 */
record CorpusConfig(String name, String candles, SeriesFilter filter, Range range, PartSettings parts) {
    /** Throws {@link BadConfigException} naming every mistake. */
    static CorpusConfig read(Path file) throws IOException {
        ConfigFields fields = ConfigFields.read(file);
        fields.number("version", null, 1, 1);
        fields.oneOf("kind", null, List.of("corpus"));
        SeriesFilter filter =
                new SeriesFilter(fields.texts("sources"), fields.texts("symbols"), fields.texts("timeframes"));
        for (String timeframe : filter.timeframes()) {
            try {
                Timeframe.seconds(timeframe);
            } catch (IllegalArgumentException e) {
                fields.wrong("timeframes", String.valueOf(e.getMessage()));
            }
        }
        Range range = new Range(time(fields, "from", Range.ALL.from()), time(fields, "to", Range.ALL.to()));
        if (range.from() >= range.to()) {
            fields.wrong("to", "must be later than from");
        }
        CorpusConfig config = new CorpusConfig(
                fields.text("name", "candles"),
                fields.oneOf("candles", "postgres", List.of("postgres", "lake")),
                filter,
                range,
                PartSettings.of(fields));
        fields.check();
        return config;
    }

    private static long time(ConfigFields fields, String field, long fallback) {
        String text = fields.text(field, "");
        if (text.isEmpty()) {
            return fallback;
        }
        try {
            Instant time = Instant.parse(text);
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000L);
        } catch (DateTimeException | ArithmeticException e) {
            fields.wrong(field, "must be a time such as 2024-08-08T23:00:00Z, not \"" + text + "\"");
            return fallback;
        }
    }

    /** Everything that decides the result, with its defaults. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new TreeMap<>();
        map.put("kind", "corpus");
        map.put("version", 1L);
        map.put("name", name);
        map.put("candles", candles);
        map.put("sources", filter.sources());
        map.put("symbols", filter.symbols());
        map.put("timeframes", filter.timeframes());
        map.put("from_ts", range.from());
        map.put("to_ts", range.to());
        parts.into(map);
        return map;
    }
}
