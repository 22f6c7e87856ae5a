package io.tidemark.lake.run;

import io.tidemark.lake.slice.Timeframe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What slices are asked for; the published schema is {@code slices.schema.json} beside this class.
 *
 * @param alerts resolved against the configuration's folder; no part of the run's identity, its content is
 * @param refuseRejected whether one unusable alert stops the run
 */
record SliceConfig(
        Path alerts,
        String candles,
        String corpus,
        String timeframe,
        long intervalS,
        long preCandles,
        long postCandles,
        boolean refuseRejected,
        String label,
        PartSettings parts) {
    /** Throws {@link BadConfigException} naming every mistake. */
    static SliceConfig read(Path file) throws IOException {
        ConfigFields fields = ConfigFields.read(file);
        fields.number("version", null, 1, 1);
        fields.oneOf("kind", null, List.of("slices"));
        String alerts = fields.text("alerts");
        String candles = fields.oneOf("candles", "postgres", List.of("postgres", "lake", "corpus"));
        String corpus = fields.text("corpus", "candles");
        String timeframe = fields.text("timeframe", "1m");
        long interval = 60;
        try {
            interval = Timeframe.seconds(timeframe);
        } catch (IllegalArgumentException e) {
            fields.wrong("timeframe", String.valueOf(e.getMessage()));
        }
        SliceConfig config = new SliceConfig(
                file.toAbsolutePath().resolveSibling(alerts).normalize(),
                candles,
                corpus,
                timeframe,
                fields.number("interval_s", interval, 1, 31_536_000),
                fields.number("pre_candles", null, 0, 1_000_000),
                fields.number("post_candles", null, 0, 1_000_000),
                fields.oneOf("on_rejected", "report", List.of("report", "refuse"))
                        .equals("refuse"),
                fields.text("label", "-"),
                PartSettings.of(fields));
        fields.check();
        return config;
    }

    /** Everything that decides the result, with its defaults. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new TreeMap<>();
        map.put("kind", "slices");
        map.put("version", 1L);
        map.put("candles", candles);
        if (candles.equals("corpus")) {
            map.put("corpus", corpus);
        }
        map.put("timeframe", timeframe);
        map.put("interval_s", intervalS);
        map.put("pre_candles", preCandles);
        map.put("post_candles", postCandles);
        map.put("on_rejected", refuseRejected ? "refuse" : "report");
        map.put("label", label);
        parts.into(map);
        return map;
    }
}
