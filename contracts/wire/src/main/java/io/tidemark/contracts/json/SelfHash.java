package io.tidemark.contracts.json;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Documents that carry their own hash: the field {@code hash} is the SHA-256, in hex, of the canonical bytes
 * of everything else.
 */
public final class SelfHash {
    /** The field's name. */
    public static final String FIELD = "hash";

    private SelfHash() {}

    /** The hash of a document that has none yet. */
    public static String of(Map<String, ?> document) {
        return sha256(CanonicalJson.bytes(document));
    }

    /** The canonical bytes of a document with its hash in it. */
    public static byte[] seal(Map<String, ?> document) {
        Map<String, @Nullable Object> sealed = new LinkedHashMap<>(document);
        sealed.put(FIELD, of(document));
        return CanonicalJson.bytes(sealed);
    }

    /**
     * The document's fields. Throws {@link IllegalArgumentException} when the bytes are not canonical or the
     * hash is not theirs: then somebody changed or cut them.
     */
    public static JsonFields open(byte[] utf8) {
        JsonFields fields = JsonFields.parse(utf8);
        if (!Arrays.equals(CanonicalJson.bytes(fields.map()), utf8)) {
            throw new IllegalArgumentException("not canonical JSON");
        }
        Map<String, @Nullable Object> rest = new LinkedHashMap<>(fields.map());
        rest.remove(FIELD);
        String actual = of(rest);
        if (!actual.equals(fields.text(FIELD))) {
            throw new IllegalArgumentException(
                    "its content has the hash " + actual + ", but it says " + fields.text(FIELD));
        }
        return fields;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
