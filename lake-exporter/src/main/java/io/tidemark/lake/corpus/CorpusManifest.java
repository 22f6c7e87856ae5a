package io.tidemark.lake.corpus;

import io.tidemark.contracts.files.schema.Series;
import io.tidemark.contracts.json.JsonFields;
import io.tidemark.contracts.json.SelfHash;
import io.tidemark.lake.parquet.CandlePart;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One generation of a corpus: what one export added. Numbered from 1 without holes, each with the hash of the one
 * before, like those of the event lake.
 *
 * @param configuration what was asked for
 * @param source which candles it was read from
 * @param parts sorted by path
 * @param series how far each series that grew reaches now; sorted
 * @param writer name and version of the programs that decide the files' bytes
 */
public record CorpusManifest(
        String tenant,
        String name,
        long generation,
        String previous,
        Map<String, Object> configuration,
        Map<String, Object> source,
        List<CandlePart> parts,
        List<Reach> series,
        Map<String, String> writer) {
    public static final int VERSION = 1;

    /**
     * What a generation added to one series; times in microseconds since 1970 UTC.
     *
     * @param last opening time of the last candle; the next export begins behind it
     */
    public record Reach(Series series, long rows, long first, long last) {}

    public CorpusManifest {
        if (generation < 1 || (generation == 1) != previous.isEmpty()) {
            throw new IllegalArgumentException("generation " + generation + " after \"" + previous + "\"");
        }
        parts = parts.stream().sorted(Comparator.comparing(CandlePart::path)).toList();
        series = series.stream().sorted(Comparator.comparing(Reach::series)).toList();
        long counted = series.stream().mapToLong(Reach::rows).sum();
        if (counted != parts.stream().mapToLong(CandlePart::rows).sum()) {
            throw new IllegalArgumentException("its series have " + counted + " rows, its parts another number");
        }
    }

    private Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", VERSION);
        document.put("kind", "corpus");
        document.put("tenant", tenant);
        document.put("name", name);
        document.put("generation", generation);
        document.put("previous", previous);
        document.put("configuration", configuration);
        document.put("source", source);
        document.put("parts", parts.stream().map(CandlePart::toMap).toList());
        document.put(
                "series",
                series.stream()
                        .map(reach -> Map.of(
                                "source", reach.series().source(),
                                "symbol", reach.series().symbol(),
                                "timeframe", reach.series().timeframe(),
                                "rows", reach.rows(),
                                "first_ts", reach.first(),
                                "last_ts", reach.last()))
                        .toList());
        document.put("writer", writer);
        return document;
    }

    public String hash() {
        return SelfHash.of(document());
    }

    public byte[] toBytes() {
        return SelfHash.seal(document());
    }

    /** Throws {@link IllegalArgumentException} saying what is wrong. */
    @SuppressWarnings("unchecked") // JsonReader makes maps with text keys only
    public static CorpusManifest parse(byte[] bytes) {
        JsonFields fields = SelfHash.open(bytes);
        if (fields.number("version") != VERSION || !fields.text("kind").equals("corpus")) {
            throw new IllegalArgumentException("no corpus manifest of version " + VERSION);
        }
        String tenant = fields.text("tenant");
        List<Reach> series = new ArrayList<>();
        for (JsonFields reach : fields.objects("series")) {
            series.add(new Reach(
                    new Series(tenant, reach.text("source"), reach.text("symbol"), reach.text("timeframe")),
                    reach.count("rows"),
                    reach.number("first_ts"),
                    reach.number("last_ts")));
        }
        JsonFields writer = fields.object("writer");
        Map<String, String> versions = new LinkedHashMap<>();
        writer.map().keySet().forEach(key -> versions.put(key, writer.text(key)));
        return new CorpusManifest(
                tenant,
                fields.text("name"),
                fields.count("generation"),
                fields.text("previous"),
                (Map<String, Object>)
                        (Map<String, ?>) fields.object("configuration").map(),
                (Map<String, Object>) (Map<String, ?>) fields.object("source").map(),
                fields.objects("parts").stream().map(CandlePart::of).toList(),
                series,
                versions);
    }
}
