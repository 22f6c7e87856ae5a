package io.tidemark.sync.target;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.BooleanSupplier;

/** The SHA-256 of what is read, in hex, with a buffer of fixed size. */
public final class Sha256 {
    /** How much is read at a time, here and while copying. */
    public static final int BUFFER = 128 * 1024;

    private final MessageDigest digest;

    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public void update(byte[] bytes, int length) {
        digest.update(bytes, 0, length);
    }

    /** Of everything given; starts again from nothing. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Of a file, not through a symbolic link. Throws {@link StoppedException} soon after {@code stopped} says so. */
    public static String of(Path file, BooleanSupplier stopped) throws IOException {
        Sha256 hash = new Sha256();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            for (int n; (n = in.read(buffer)) >= 0; ) {
                StoppedException.throwIf(stopped);
                hash.update(buffer, n);
            }
        }
        return hash.hex();
    }
}
