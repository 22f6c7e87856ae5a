package io.tidemark.lake.run;

import io.tidemark.contracts.lake.LakePath;
import io.tidemark.lake.corpus.CorpusCandles;
import io.tidemark.lake.source.CandleSource;
import io.tidemark.lake.source.DatabaseAddress;
import io.tidemark.lake.source.LakeCandles;
import io.tidemark.lake.source.PostgresCandles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Opens the candles that a configuration names.
 *
 * @param database asked only where it is needed; throws {@link IllegalArgumentException} where it is not set
 */
public record CandleSources(Path lakeRoot, String tenant, Supplier<DatabaseAddress> database, int fetchSize) {
    CandleSource open(String kind, String corpus) throws IOException {
        Path tenantRoot = LakePath.tenantRoot(lakeRoot, tenant);
        return switch (kind) {
            case "postgres" -> PostgresCandles.open(database.get(), tenant, fetchSize);
            case "lake" -> LakeCandles.open(tenantRoot, tenant);
            case "corpus" -> CorpusCandles.open(tenantRoot, corpus);
            default -> throw new IllegalArgumentException("no candles \"" + kind + "\"");
        };
    }
}
