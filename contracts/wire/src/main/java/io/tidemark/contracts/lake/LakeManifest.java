package io.tidemark.contracts.lake;

import io.tidemark.contracts.json.JsonFields;
import io.tidemark.contracts.json.SelfHash;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One generation of the sealed event lake: what one commit added and removed, and what it was made from.
 *
 * <p>Generations are numbered from 1 without holes, each in an immutable file of its own below
 * {@link LakePath#EVENT_MANIFESTS}; the sealed state is what all of them together say. Each carries its own
 * hash and that of the one before, so that nothing can be changed, inserted or taken out unseen.
 *
 * @param previous hash of the generation before; empty for the first
 * @param added sorted by path
 * @param removed paths of files that earlier generations added, sorted
 * @param inputs the raw files that were read, sorted by edge and path
 * @param repeats events of the inputs that were left out because the lake or another input had them
 * @param writer name and version of the programs that decide the files' bytes
 */
public record LakeManifest(
        String tenant,
        long generation,
        String previous,
        List<LakeFile> added,
        List<String> removed,
        List<RawInput> inputs,
        long repeats,
        Map<String, String> writer) {
    public static final int VERSION = 1;

    private static final Pattern NAME = Pattern.compile("(\\d{10})\\.json");

    /**
     * A raw file that was read.
     *
     * @param path relative to the edge's folder, with forward slashes
     * @param complete whether all its events are in the lake now; if not, it was read for a range of event
     *     times only, and will be read again
     */
    public record RawInput(String edge, String path, String sha256, long bytes, long rows, boolean complete) {}

    public LakeManifest {
        if (generation < 1 || generation > 9_999_999_999L || (generation == 1) != previous.isEmpty()) {
            throw new IllegalArgumentException("generation " + generation + " after \"" + previous + "\"");
        }
        added = added.stream().sorted(Comparator.comparing(LakeFile::path)).toList();
        removed = removed.stream().sorted().toList();
        inputs = inputs.stream()
                .sorted(Comparator.comparing(RawInput::edge).thenComparing(RawInput::path))
                .toList();
        writer = Map.copyOf(writer);
    }

    /** The name of a generation's file. */
    public static String fileName(long generation) {
        return String.format("%010d.json", generation);
    }

    /** The generation of a file's name, or 0 where the name is of something else. */
    public static long generationOf(String fileName) {
        Matcher match = NAME.matcher(fileName);
        return match.matches() ? Long.parseLong(match.group(1)) : 0;
    }

    private Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", VERSION);
        document.put("tenant", tenant);
        document.put("generation", generation);
        document.put("previous", previous);
        document.put("added", added.stream().map(LakeFile::toMap).toList());
        document.put("removed", removed);
        document.put(
                "inputs",
                inputs.stream()
                        .map(input -> Map.of(
                                "edge", input.edge(),
                                "path", input.path(),
                                "sha256", input.sha256(),
                                "bytes", input.bytes(),
                                "rows", input.rows(),
                                "complete", input.complete()))
                        .toList());
        document.put("repeats", repeats);
        document.put("writer", writer);
        return document;
    }

    /** The hash that the next generation names. */
    public String hash() {
        return SelfHash.of(document());
    }

    public byte[] toBytes() {
        return SelfHash.seal(document());
    }

    /** Throws {@link IllegalArgumentException} saying what is wrong: damaged, another version, a bad field. */
    public static LakeManifest parse(byte[] bytes) {
        return open(bytes).manifest();
    }

    /** A manifest and its hash, which reading has proved and which costs time to compute again. */
    public record Proved(LakeManifest manifest, String hash) {}

    /** The same as {@link #parse}, with the hash. */
    public static Proved open(byte[] bytes) {
        JsonFields fields = SelfHash.open(bytes);
        return new Proved(of(fields), fields.text(SelfHash.FIELD));
    }

    private static LakeManifest of(JsonFields fields) {
        if (fields.number("version") != VERSION) {
            throw new IllegalArgumentException("a lake manifest of version " + fields.number("version")
                    + "; this program knows version " + VERSION);
        }
        JsonFields writer = fields.object("writer");
        Map<String, String> versions = new LinkedHashMap<>();
        writer.map().keySet().forEach(key -> versions.put(key, writer.text(key)));
        return new LakeManifest(
                fields.text("tenant"),
                fields.count("generation"),
                fields.text("previous"),
                fields.objects("added").stream().map(LakeFile::of).toList(),
                fields.texts("removed"),
                fields.objects("inputs").stream()
                        .map(input -> new RawInput(
                                input.text("edge"),
                                input.text("path"),
                                input.text("sha256"),
                                input.count("bytes"),
                                input.count("rows"),
                                input.flag("complete")))
                        .toList(),
                fields.count("repeats"),
                versions);
    }
}
