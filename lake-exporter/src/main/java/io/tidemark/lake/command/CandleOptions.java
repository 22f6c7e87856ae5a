package io.tidemark.lake.command;

import io.tidemark.lake.run.CandleSettings;
import io.tidemark.lake.run.CandleSources;
import io.tidemark.lake.run.LakeSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What both exports of candles are told. */
final class CandleOptions {
    @Mixin
    private final LakeOptions lake = new LakeOptions();

    @Option(names = "--threads", paramLabel = "N", description = "Buckets at a time (lake.candles.workers).")
    private @Nullable Integer threads;

    @Option(names = "--dry-run", description = "Only say what would be exported.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Option(names = "--print-schema", description = "Print the configuration's JSON schema and end.")
    private boolean printSchema;

    boolean isDryRun() {
        return dryRun;
    }

    boolean isJson() {
        return json;
    }

    boolean isPrintSchema() {
        return printSchema;
    }

    LakeSettings lake() {
        return lake.settings();
    }

    CandleSettings candles() {
        return SettingsLoader.loadCandles(lake.overrides());
    }

    int workers(CandleSettings settings) {
        return threads == null ? settings.workers() : threads;
    }

    static CandleSources sources(LakeSettings lake, CandleSettings candles) {
        return new CandleSources(
                lake.root(),
                lake.tenant(),
                () -> {
                    try {
                        return candles.database();
                    } catch (IllegalArgumentException e) {
                        throw new SettingsLoader.Mistakes(List.of(String.valueOf(e.getMessage())));
                    }
                },
                candles.fetchSize());
    }

    /** The published schema of a kind of configuration. */
    static String schema(String kind) throws IOException {
        try (InputStream in = LakeSettings.class.getResourceAsStream(kind + ".schema.json")) {
            if (in == null) {
                throw new IllegalStateException("the schema of " + kind + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
        }
    }
}
