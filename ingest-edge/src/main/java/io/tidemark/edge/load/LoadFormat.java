package io.tidemark.edge.load;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The shapes of files that can be loaded. */
public enum LoadFormat {
    /** Bars, one a line. */
    CSV,
    /** Bars, one a row. */
    PARQUET,
    /** Bars as JSON arrays: freqtrade, Kraken's OHLC. */
    JSON_ARRAYS,
    /** Lean's zips: plain decimals, UTC. */
    LEAN_CRYPTO,
    /** Lean's zips of US equities: 1/10,000 dollar, New York time. */
    LEAN_EQUITY,
    /** Lean's zips of US options: one CSV per contract. */
    LEAN_OPTION,
    /** Lean's daily chain of options. */
    LEAN_UNIVERSE,
    YAHOO_OPTIONS,
    /** Company facts. */
    SEC_FACTS,
    YAHOO_NEWS,
    /** A company's filings as news. */
    SEC_SUBMISSIONS;

    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<LoadFormat> of(String label) {
        return Arrays.stream(values())
                .filter(format -> format.label().equals(label))
                .findFirst();
    }

    public static List<String> labels() {
        return Arrays.stream(values()).map(LoadFormat::label).toList();
    }
}
