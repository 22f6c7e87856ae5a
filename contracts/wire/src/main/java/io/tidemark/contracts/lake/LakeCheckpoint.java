package io.tidemark.contracts.lake;

import io.tidemark.contracts.json.CanonicalJson;
import io.tidemark.contracts.json.JsonFields;
import io.tidemark.contracts.json.SelfHash;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What all generations up to one say together, so that a reader need not read them again. Derived from the
 * manifests and worth nothing beside them: it may be deleted at any time.
 *
 * <p>A file of lines of canonical JSON: a head with its own hash and those of the two parts that follow; the
 * sealed files; and then, for writers only, the raw files consumed and the files removed.
 *
 * @param hash of the manifest of that generation
 * @param files sealed as of that generation, by path
 * @param consumed raw files whose events are all in the lake
 * @param removed files that are no longer part of the lake but may still lie there
 */
public record LakeCheckpoint(
        String tenant,
        long generation,
        String hash,
        List<LakeFile> files,
        List<Consumed> consumed,
        List<Removed> removed) {
    public static final int VERSION = 1;

    private static final Pattern NAME = Pattern.compile("(\\d{10})\\.checkpoint");

    /** A raw file, relative to its edge's folder, and its length. */
    public record Consumed(String edge, String path, long bytes) {}

    /** A file and the first generation without it. */
    public record Removed(String path, long generation) {}

    /** The name of a checkpoint's file. */
    public static String fileName(long generation) {
        return String.format("%010d.checkpoint", generation);
    }

    /** The generation of a file's name, or 0 where the name is of something else. */
    public static long generationOf(String fileName) {
        Matcher match = NAME.matcher(fileName);
        return match.matches() ? Long.parseLong(match.group(1)) : 0;
    }

    public byte[] toBytes() {
        byte[] sealed = lines(files.stream().map(LakeFile::toMap).toList());
        List<Map<String, Object>> others = new ArrayList<>();
        consumed.forEach(
                input -> others.add(Map.of("edge", input.edge(), "path", input.path(), "bytes", input.bytes())));
        removed.forEach(file -> others.add(Map.of("removed", file.path(), "generation", file.generation())));
        byte[] rest = lines(others);
        byte[] head = SelfHash.seal(Map.of(
                "version",
                VERSION,
                "tenant",
                tenant,
                "generation",
                generation,
                "manifest",
                hash,
                "files",
                files.size(),
                "files_bytes",
                sealed.length,
                "files_sha256",
                sha256(sealed, 0, sealed.length),
                "rest_bytes",
                rest.length,
                "rest_sha256",
                sha256(rest, 0, rest.length)));
        ByteArrayOutputStream out = new ByteArrayOutputStream(head.length + sealed.length + rest.length);
        out.writeBytes(head);
        out.writeBytes(sealed);
        out.writeBytes(rest);
        return out.toByteArray();
    }

    private static byte[] lines(List<Map<String, Object>> documents) {
        StringBuilder text = new StringBuilder();
        documents.forEach(document -> text.append(CanonicalJson.text(document)).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Throws {@link IllegalArgumentException} where anything is wrong with the bytes.
     *
     * @param forWriting false leaves out what only writers need
     */
    public static LakeCheckpoint parse(byte[] bytes, boolean forWriting) {
        int headEnd = lineEnd(bytes, 0, bytes.length);
        JsonFields head = SelfHash.open(Arrays.copyOf(bytes, headEnd + 1));
        if (head.number("version") != VERSION) {
            throw new IllegalArgumentException("a checkpoint of version " + head.number("version"));
        }
        int from = headEnd + 1;
        long middle = from + head.count("files_bytes");
        if (middle + head.count("rest_bytes") != bytes.length) {
            throw new IllegalArgumentException("it is cut, or longer than it says");
        }
        check(bytes, from, (int) middle, head.text("files_sha256"));
        List<LakeFile> files = new ArrayList<>();
        eachLine(bytes, from, (int) middle, line -> files.add(LakeFile.of(line)));
        if (files.size() != head.count("files")) {
            throw new IllegalArgumentException("it has " + files.size() + " files, not " + head.count("files"));
        }
        List<Consumed> consumed = new ArrayList<>();
        List<Removed> removed = new ArrayList<>();
        if (forWriting) {
            check(bytes, (int) middle, bytes.length, head.text("rest_sha256"));
            eachLine(bytes, (int) middle, bytes.length, line -> {
                if (line.has("removed")) {
                    removed.add(new Removed(line.text("removed"), line.count("generation")));
                } else {
                    consumed.add(new Consumed(line.text("edge"), line.text("path"), line.count("bytes")));
                }
            });
        }
        return new LakeCheckpoint(
                head.text("tenant"), head.count("generation"), head.text("manifest"), files, consumed, removed);
    }

    private static void eachLine(byte[] bytes, int from, int to, Consumer<JsonFields> taker) {
        for (int at = from; at < to; ) {
            int end = lineEnd(bytes, at, to);
            taker.accept(JsonFields.parse(Arrays.copyOfRange(bytes, at, end)));
            at = end + 1;
        }
    }

    private static int lineEnd(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] == '\n') {
                return at;
            }
        }
        throw new IllegalArgumentException("it is cut");
    }

    private static void check(byte[] bytes, int from, int to, String expected) {
        String actual = sha256(bytes, from, to - from);
        if (!actual.equals(expected)) {
            throw new IllegalArgumentException("a part of it has the hash " + actual + ", but it says " + expected);
        }
    }

    private static String sha256(byte[] bytes, int from, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, from, length);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
