package io.tidemark.contracts.segment;

import io.tidemark.contracts.json.JsonFields;
import io.tidemark.contracts.json.SelfHash;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Says that one file below {@code ready/} is at a target, byte for byte: the only thing that allows its deletion
 * at the edge.
 *
 * <p>The same bytes stand in two places, at {@link SegmentPath#receipt(String)} of the target's folder and of
 * {@code ready/}; the one at the target is written first. Written only after the target's copy was read again
 * and had this hash. The bytes are canonical JSON with their own hash, so a torn receipt is none.
 *
 * @param path relative to {@code ready/}, with forward slashes
 * @param sha256 of the file's bytes, in hex
 * @param modified the source file's time of last change when it was verified, nanoseconds since 1970 UTC;
 *     a file that was changed since has another one, and then this receipt says nothing about it
 * @param target which target holds the copy; a receipt counts for no other
 * @param verifiedAt when the copy was verified; a grace before deletion starts here
 */
public record Receipt(
        String path,
        long bytes,
        String sha256,
        long modified,
        String target,
        String tenant,
        String edge,
        Instant verifiedAt) {
    public static final int VERSION = 1;

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public Receipt {
        if (path.isEmpty() || target.isEmpty() || tenant.isEmpty() || edge.isEmpty()) {
            throw new IllegalArgumentException("a receipt names its file, target, tenant and edge");
        }
        if (bytes < 0) {
            throw new IllegalArgumentException("a file's size is not negative: " + bytes);
        }
        if (!SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("not a SHA-256 in hex: \"" + sha256 + "\"");
        }
    }

    /** Whether both say the same of the same file; when it was verified aside. */
    public boolean saysTheSameAs(Receipt other) {
        return equals(new Receipt(
                other.path,
                other.bytes,
                other.sha256,
                other.modified,
                other.target,
                other.tenant,
                other.edge,
                verifiedAt));
    }

    public byte[] toBytes() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", VERSION);
        document.put("path", path);
        document.put("bytes", bytes);
        document.put("sha256", sha256);
        document.put("modified", modified);
        document.put("target", target);
        document.put("tenant", tenant);
        document.put("edge", edge);
        document.put("verified_at", verifiedAt.toString());
        return SelfHash.seal(document);
    }

    /** Throws {@link IllegalArgumentException} saying what is wrong: damaged, another version, a bad field. */
    public static Receipt parse(byte[] bytes) {
        JsonFields fields = SelfHash.open(bytes);
        if (fields.number("version") != VERSION) {
            throw new IllegalArgumentException(
                    "a receipt of version " + fields.number("version") + "; this program knows version " + VERSION);
        }
        try {
            return new Receipt(
                    fields.text("path"),
                    fields.count("bytes"),
                    fields.text("sha256"),
                    fields.number("modified"),
                    fields.text("target"),
                    fields.text("tenant"),
                    fields.text("edge"),
                    Instant.parse(fields.text("verified_at")));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("field \"verified_at\" must be a time", e);
        }
    }
}
