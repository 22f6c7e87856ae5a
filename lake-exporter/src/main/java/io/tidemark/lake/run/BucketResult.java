package io.tidemark.lake.run;

import io.tidemark.contracts.files.schema.CoverageRow.Gap;
import io.tidemark.contracts.files.schema.Series;
import io.tidemark.contracts.json.JsonFields;
import io.tidemark.contracts.json.SelfHash;
import io.tidemark.lake.corpus.CorpusManifest.Reach;
import io.tidemark.lake.parquet.CandlePart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an export wrote of one bucket. Kept beside the parts while the export runs, so that one that was killed need
 * not do it again.
 *
 * @param coverage of the bucket's alerts
 */
record BucketResult(String bucket, List<CandlePart> parts, List<Reach> series, List<Covered> coverage) {
    /** What the alert on a line found. */
    record Covered(long line, long found, List<Gap> gaps) {}

    byte[] toBytes() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("bucket", bucket);
        document.put("parts", parts.stream().map(CandlePart::toMap).toList());
        document.put(
                "series",
                series.stream()
                        .map(reach -> Map.of(
                                "tenant", reach.series().tenant(),
                                "source", reach.series().source(),
                                "symbol", reach.series().symbol(),
                                "timeframe", reach.series().timeframe(),
                                "rows", reach.rows(),
                                "first", reach.first(),
                                "last", reach.last()))
                        .toList());
        document.put(
                "coverage",
                coverage.stream()
                        .map(covered -> Map.of(
                                "line", covered.line(),
                                "found", covered.found(),
                                "gaps",
                                        covered.gaps().stream()
                                                .map(gap -> Map.of(
                                                        "from",
                                                        gap.fromMs(),
                                                        "to",
                                                        gap.toMs(),
                                                        "missing",
                                                        gap.missing()))
                                                .toList()))
                        .toList());
        return SelfHash.seal(document);
    }

    /** Throws {@link IllegalArgumentException} for anything but whole bytes. */
    static BucketResult parse(byte[] bytes) {
        JsonFields fields = SelfHash.open(bytes);
        List<Reach> series = new ArrayList<>();
        for (JsonFields reach : fields.objects("series")) {
            series.add(new Reach(
                    new Series(
                            reach.text("tenant"), reach.text("source"), reach.text("symbol"), reach.text("timeframe")),
                    reach.count("rows"),
                    reach.number("first"),
                    reach.number("last")));
        }
        List<Covered> coverage = new ArrayList<>();
        for (JsonFields covered : fields.objects("coverage")) {
            List<Gap> gaps = covered.objects("gaps").stream()
                    .map(gap -> new Gap(gap.number("from"), gap.number("to"), gap.count("missing")))
                    .toList();
            coverage.add(new Covered(covered.number("line"), covered.count("found"), gaps));
        }
        return new BucketResult(
                fields.text("bucket"),
                fields.objects("parts").stream().map(CandlePart::of).toList(),
                series,
                coverage);
    }
}
