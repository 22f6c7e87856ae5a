package io.tidemark.lake.run;

import io.tidemark.contracts.json.JsonFields;
import io.tidemark.contracts.json.SelfHash;
import io.tidemark.lake.parquet.CandlePart;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a sealed run of slices holds and what it was made from. Says nothing of when, where or by whom, so the same
 * run has the same manifest everywhere.
 *
 * @param runId also the folder's name
 * @param configuration with its defaults
 * @param inputs hash and counts of the alerts, and which candles
 * @param parts sorted by path
 * @param files the other files of the run, sorted by path
 * @param writer name and version of the programs that decide the files' bytes
 */
public record RunManifest(
        String runId,
        String tenant,
        Map<String, Object> configuration,
        Map<String, Object> inputs,
        List<CandlePart> parts,
        List<OtherFile> files,
        long expected,
        long found,
        Map<String, String> writer) {
    public static final int VERSION = 1;
    public static final String NAME = "manifest.json";

    /** Coverage and rejected alerts. */
    public record OtherFile(String path, String sha256, long bytes, long rows) {}

    public RunManifest {
        parts = parts.stream().sorted(Comparator.comparing(CandlePart::path)).toList();
        files = files.stream().sorted(Comparator.comparing(OtherFile::path)).toList();
    }

    public long rows() {
        return parts.stream().mapToLong(CandlePart::rows).sum();
    }

    public long bytes() {
        return parts.stream().mapToLong(CandlePart::bytes).sum();
    }

    /** What tells one set of parts from another: names and rows, whatever they are packed with. */
    static String contentHash(List<CandlePart> parts) {
        return SelfHash.of(Map.of(
                "parts",
                parts.stream()
                        .sorted(Comparator.comparing(CandlePart::path))
                        .map(part -> Map.of("path", part.path(), "row_hash", part.rowHash()))
                        .toList()));
    }

    private Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", VERSION);
        document.put("kind", "slices");
        document.put("run_id", runId);
        document.put("tenant", tenant);
        document.put("configuration", configuration);
        document.put("inputs", inputs);
        document.put("parts", parts.stream().map(CandlePart::toMap).toList());
        document.put(
                "files",
                files.stream()
                        .map(file -> Map.of(
                                "path", file.path(),
                                "sha256", file.sha256(),
                                "bytes", file.bytes(),
                                "rows", file.rows()))
                        .toList());
        document.put("rows", rows());
        document.put("content_hash", contentHash(parts));
        document.put("expected", expected);
        document.put("found", found);
        document.put("writer", writer);
        return document;
    }

    public byte[] toBytes() {
        return SelfHash.seal(document());
    }

    public String hash() {
        return SelfHash.of(document());
    }

    /** Throws {@link IllegalArgumentException} saying what is wrong. */
    @SuppressWarnings("unchecked") // JsonReader makes maps with text keys only
    public static RunManifest parse(byte[] bytes) {
        JsonFields fields = SelfHash.open(bytes);
        if (fields.number("version") != VERSION || !fields.text("kind").equals("slices")) {
            throw new IllegalArgumentException("no run manifest of version " + VERSION);
        }
        JsonFields writer = fields.object("writer");
        Map<String, String> versions = new LinkedHashMap<>();
        writer.map().keySet().forEach(key -> versions.put(key, writer.text(key)));
        return new RunManifest(
                fields.text("run_id"),
                fields.text("tenant"),
                (Map<String, Object>)
                        (Map<String, ?>) fields.object("configuration").map(),
                (Map<String, Object>) (Map<String, ?>) fields.object("inputs").map(),
                fields.objects("parts").stream().map(CandlePart::of).toList(),
                fields.objects("files").stream()
                        .map(file -> new OtherFile(
                                file.text("path"), file.text("sha256"), file.count("bytes"), file.count("rows")))
                        .toList(),
                fields.count("expected"),
                fields.count("found"),
                versions);
    }
}
