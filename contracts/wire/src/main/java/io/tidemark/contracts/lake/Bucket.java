package io.tidemark.contracts.lake;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The bucket of an instrument: first byte of the SHA-1 of its UTF-8 symbol, {@code 00} to {@code ff}. */
public final class Bucket {
    private Bucket() {}

    public static String of(String symbol) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(symbol.getBytes(StandardCharsets.UTF_8));
            return String.format("%02x", hash[0] & 0xff);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
